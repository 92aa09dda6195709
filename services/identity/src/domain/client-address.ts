import { isIP } from 'node:net';

/** The client's address from the gateway's `x-forwarded-for`, which the gateway writes itself; what cannot be made out is counted together. */
export function clientAddress(forwardedFor: string | undefined): string {
  const first = forwardedFor?.split(',', 1)[0]?.trim() ?? '';
  switch (isIP(first)) {
    case 4:
      return first;
    case 6:
      // A household has a whole /64: counted by address, one could try for ever.
      return networkOf(first);
    default:
      return 'unknown';
  }
}

function networkOf(address: string): string {
  const [head = '', tail = ''] = address.toLowerCase().split('%', 1)[0]?.split('::') ?? [];
  const left = head === '' ? [] : head.split(':');
  const right = tail === '' ? [] : tail.split(':');
  const zeros = address.includes('::') ? Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0') : [];
  const groups = [...left, ...zeros, ...right].slice(0, 4);
  return `${groups.map((group) => group.replace(/^0+(?=.)/, '')).join(':')}::/64`;
}
