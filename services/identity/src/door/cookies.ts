/** The refresh token, out of reach of scripts. */
export const SESSION_COOKIE = 'bioscope_session';
/** Marks the browser that signed up, until the link in the mail was followed. */
export const SIGN_UP_COOKIE = 'bioscope_sign_up';

/** Nobody needs more, and a header of thousands costs time to read. */
const COOKIES_MAX = 100;

/** The value of one cookie (RFC 6265 5.4); empty when there is none. */
export function readCookie(header: string | undefined, name: string): string {
  for (const pair of (header ?? '').split(';', COOKIES_MAX)) {
    const [key = '', ...value] = pair.split('=');
    if (key.trim() === name) return value.join('=').trim();
  }
  return '';
}

/** `value` must be free of `;`. An empty one removes the cookie. Sent to /session only, and never with a request that another site caused. */
export function writeCookie(name: string, value: string, options: { readonly isSecure: boolean; readonly maxAgeMs: number }): string {
  const seconds = value === '' ? 0 : Math.floor(options.maxAgeMs / 1000);
  return `${name}=${value}; Path=/session; Max-Age=${seconds}; HttpOnly; SameSite=Strict${options.isSecure ? '; Secure' : ''}`;
}
