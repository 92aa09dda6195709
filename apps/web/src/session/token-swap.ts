/**
 * Every file of a film lies at `<appliance>/t/<token>/<edition>/<file>`. Manifests and storyboards are read once, at the start, and
 * carry the first token; it lives about ten minutes. This puts the newest one in its place, on every request.
 *
 * URLs that are not of that form (manifests, steering, artwork) come back as they are. CMCD and other queries stay.
 */
export function swapToken(url: string, token: string): string {
  return url.replace(TOKEN_IN_PATH, (_whole, origin: string) => `${origin}/t/${token}/`);
}

/** Origin, then `/t/<token>/` as the very first part of the path. */
const TOKEN_IN_PATH = /^([a-z][a-z0-9+.-]*:\/\/[^/?#]+)\/t\/[^/?#]+\//i;

/** The appliance's host and port, or "" when this is not an appliance's URL. */
export function applianceOf(url: string): string {
  return TOKEN_IN_PATH.test(url) ? new URL(url).host : '';
}
