/** The n-th usable address of an IPv4 network such as `127.101.0.0/16`, without its first and last one; in turn when there are more than it has. */
export function networkAddress(network: string, index: number): string {
  const [, base = '', bits = ''] = /^(\d{1,3}(?:\.\d{1,3}){3})\/(\d{1,2})$/.exec(network) ?? [];
  const parts = base.split('.').map(Number);
  const size = 2 ** (32 - Number(bits));
  if (parts.length !== 4 || parts.some((part) => part > 255) || size < 4)
    throw new RangeError(`"${network}" is no IPv4 network with room for viewers, such as 127.101.0.0/16`);
  const first = parts.reduce((sum, part) => sum * 256 + part, 0);
  const address = first - (first % size) + 1 + (index % (size - 2));
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}
