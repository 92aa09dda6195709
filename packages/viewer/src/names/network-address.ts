/**
 * The n-th of the usable addresses of an IPv4 network such as `127.101.0.0/16`, without its first and last one; in turn when there are more than it has. They come spread over the network
 * and not in its order: steering tells people apart by their /24, and neighbours would all be told the same.
 */
export function networkAddress(network: string, index: number): string {
  const [, base = '', bits = ''] = /^(\d{1,3}(?:\.\d{1,3}){3})\/(\d{1,2})$/.exec(network) ?? [];
  const parts = base.split('.').map(Number);
  const size = 2 ** (32 - Number(bits));
  if (parts.length !== 4 || parts.some((part) => part > 255) || size < 4)
    throw new RangeError(`"${network}" is no IPv4 network with room for viewers, such as 127.101.0.0/16`);
  const first = parts.reduce((sum, part) => sum * 256 + part, 0);
  const usable = size - 2;
  const address = first - (first % size) + 1 + (((index % usable) * strideFor(usable)) % usable);
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}

/** Steps of the golden section spread any number of points evenly (Knuth, The Art of Computer Programming 3, 6.4); without a common divisor every address comes once. */
function strideFor(usable: number): number {
  let stride = Math.max(1, Math.floor(usable * 0.618_034));
  while (divisor(stride, usable) !== 1) stride += 1;
  return stride;
}

function divisor(one: number, other: number): number {
  return other === 0 ? one : divisor(other, one % other);
}
