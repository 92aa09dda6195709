import { isIP } from 'node:net';

/**
 * The client's address from the gateway's `x-forwarded-for`, empty when there is none to be made out. The gateway writes the header itself:
 * what a client sent under its name never gets here.
 */
export function clientAddress(forwardedFor: string | undefined): string {
  const first = forwardedFor?.split(',', 1)[0]?.trim() ?? '';
  return isIP(first) === 0 ? '' : first;
}
