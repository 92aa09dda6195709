/** Every file of a film lies at `<appliance>/t/<token>/<edition>/<file>`: the same URL with the newest token in it. */
export function swapToken(url: string, token: string): string {
  return token === '' ? url : url.replace(TOKEN_IN_PATH, (_whole, origin: string) => `${origin}/t/${token}/`);
}

const TOKEN_IN_PATH = /^([a-z][a-z0-9+.-]*:\/\/[^/?#]+)\/t\/[^/?#]+\//i;
