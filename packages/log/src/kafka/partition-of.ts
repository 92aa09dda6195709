/**
 * The partition of a key: murmur2 as Kafka's own default partitioner has it (Apache Kafka, `Utils.murmur2` and `BuiltInPartitioner`), so that
 * records of other producers with the same key come to the same partition. It must never change: neither may the number of partitions.
 */
export function partitionOf(key: Uint8Array, partitions: number): number {
  return (murmur2(key) & 0x7f_ff_ff_ff) % partitions;
}

function murmur2(data: Uint8Array): number {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const words = data.length - (data.length % 4);
  let hash = SEED ^ data.length;
  for (let index = 0; index < words; index += 4) {
    let word = Math.imul(view.getInt32(index, true), MIX);
    word = Math.imul(word ^ (word >>> 24), MIX);
    hash = Math.imul(hash, MIX) ^ word;
  }
  if (words < data.length) {
    for (let index = data.length - 1; index >= words; index -= 1) hash ^= view.getUint8(index) << (8 * (index - words));
    hash = Math.imul(hash, MIX);
  }
  hash = Math.imul(hash ^ (hash >>> 13), MIX);
  return hash ^ (hash >>> 15);
}

const SEED = 0x9747b28c | 0;
const MIX = 0x5bd1e995;
