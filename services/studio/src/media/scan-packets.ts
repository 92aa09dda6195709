import { runGuarded, type GuardedEnd } from './guarded.ts';
import { inputFile, inputOptions } from './input.ts';
import type { ProbedFile } from './probe-streams.ts';

/** Every packet of the picture, and where each other stream begins and ends. Times in ticks of each stream. */
export type PacketScan = {
  readonly video: PicturePackets;
  /** Packets that only a key makes readable. */
  readonly encrypted: boolean;
  readonly others: ReadonlyMap<number, StreamExtent>;
};
export type StreamExtent = { readonly firstTicks: number; readonly endTicks: number };
/**
 * Times are those of showing; where the container leaves some of them out (AVI all, MPEG program streams many), those of decoding, for all packets
 * alike: mixed they would make an even film look uneven.
 */
export type PicturePackets = {
  /** Those to be shown, the few without any time among them. */
  readonly packets: number;
  /** In file order. */
  readonly ticks: Float64Array;
  readonly keyTicks: Float64Array;
  /** End of the packet that ends last, its own duration included where the file states one. */
  readonly endTicks: number;
  /** Where the last packet lies, to look at its bytes; null where the container does not tell. */
  readonly lastAt: { readonly position: number; readonly bytes: number } | null;
};

/** Reads the whole file once, decoding nothing. Rejects with `TooManyPackets` beyond the limit. */
export async function scanPackets(
  file: ProbedFile,
  videoStream: number,
): Promise<{ kind: 'scanned'; scan: PacketScan } | Exclude<GuardedEnd, { kind: 'done' }>> {
  const picture = pictureScan(file.limits.videoPacketsMax);
  const others = new Map<number, { firstTicks: number; endTicks: number }>();
  let encrypted = false;
  const end = await runGuarded({
    program: 'ffprobe',
    args: [
      ['-v', 'level+fatal', ...inputOptions(file.container, file.limits)],
      ['-show_entries', 'packet=stream_index,pts,dts,duration,size,pos,flags:packet_side_data=side_data_type'],
      ['-of', 'csv=p=0', '-i', inputFile(file.path)],
    ].flat(),
    limits: file.limits.scan,
    ...(file.signal === undefined ? {} : { signal: file.signal }),
    onLine(line) {
      const packet = parsePacket(line);
      if (packet === null) return;
      encrypted ||= line.endsWith(ENCRYPTED);
      if (packet.stream === videoStream) picture.add(packet);
      else if (others.has(packet.stream) || others.size < file.limits.streamsMax) extend(others, packet);
    },
  });
  // A damaged file may end in an error after its last good packet.
  if (end.kind !== 'done' && !(end.kind === 'failed' && picture.seen())) return end;
  return { kind: 'scanned', scan: { video: picture.take(), others, encrypted } };
}

/** How ffprobe names the side data of common encryption; more side data follows on lines of its own. */
const ENCRYPTED = ',Encryption info';

export class TooManyPackets extends RangeError {}

type Packet = {
  readonly stream: number;
  /** When it is shown and when it is decoded; NaN where the file does not say. */
  readonly shown: number;
  readonly decoded: number;
  readonly duration: number;
  readonly bytes: number;
  readonly position: number;
  readonly isKey: boolean;
};

/** Null for lines of side data and for packets that the container says are not to be shown (`D`). */
function parsePacket(line: string): Packet | null {
  const [stream = '', shown = '', decoded = '', duration = '', size = '', position = '', flags = ''] = line.split(',');
  if (stream === '' || flags === '' || flags[1] === 'D') return null;
  return {
    stream: Number(stream),
    shown: Number(shown),
    decoded: Number(decoded),
    duration: Number(duration) > 0 ? Number(duration) : 0,
    bytes: Number(size) > 0 ? Number(size) : 0,
    position: Number(position),
    isKey: flags[0] === 'K',
  };
}

function extend(others: Map<number, { firstTicks: number; endTicks: number }>, packet: Packet): void {
  const ticks = Number.isFinite(packet.shown) ? packet.shown : packet.decoded;
  if (!Number.isFinite(ticks)) return;
  const known = others.get(packet.stream) ?? { firstTicks: ticks, endTicks: ticks };
  known.firstTicks = Math.min(known.firstTicks, ticks);
  known.endTicks = Math.max(known.endTicks, ticks + packet.duration);
  others.set(packet.stream, known);
}

function pictureScan(packetsMax: number): { add(packet: Packet): void; seen(): boolean; take(): PicturePackets } {
  const [shown, decoded] = [clock(), clock()];
  let packets = 0;
  let lastAt: PicturePackets['lastAt'] = null;
  return {
    add(packet) {
      if (packets >= packetsMax) throw new TooManyPackets();
      packets += 1;
      shown.add(packet.shown, packet);
      decoded.add(packet.decoded, packet);
      if (Number.isSafeInteger(packet.position)) lastAt = { position: packet.position, bytes: packet.bytes };
    },
    seen: () => packets > 0,
    take() {
      const best = shown.count() === packets || shown.count() >= decoded.count() ? shown : decoded;
      return { packets, ...best.take(), lastAt };
    },
  };
}

/** One of the two times of all packets. */
function clock(): {
  add(ticks: number, packet: Packet): void;
  count(): number;
  take(): Pick<PicturePackets, 'ticks' | 'keyTicks' | 'endTicks'>;
} {
  const [all, keys] = [growing(), growing()];
  let endTicks = Number.NEGATIVE_INFINITY;
  return {
    add(ticks, packet) {
      if (!Number.isFinite(ticks)) return;
      all.push(ticks);
      if (packet.isKey) keys.push(ticks);
      endTicks = Math.max(endTicks, ticks + packet.duration);
    },
    count: () => all.count(),
    take: () => ({ ticks: all.take(), keyTicks: keys.take(), endTicks }),
  };
}

/** Numbers kept in eight bytes each: a film has hundreds of thousands. */
function growing(): { push(value: number): void; count(): number; take(): Float64Array } {
  let values = new Float64Array(4096);
  let length = 0;
  return {
    push(value) {
      if (length === values.length) {
        const larger = new Float64Array(length * 2);
        larger.set(values);
        values = larger;
      }
      values[length] = value;
      length += 1;
    },
    count: () => length,
    take: () => values.slice(0, length),
  };
}
