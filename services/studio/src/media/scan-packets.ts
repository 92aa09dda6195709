import { runGuarded, type GuardedEnd } from './guarded.ts';
import { inputFile, inputOptions } from './input.ts';
import type { ProbedFile } from './probe-streams.ts';

/** Every packet of the picture, and where each other stream begins and ends. Times in ticks of each stream. */
export type PacketScan = {
  readonly video: PicturePackets;
  /** Packets that only a key makes readable. */
  readonly encrypted: boolean;
  readonly others: ReadonlyMap<number, { readonly firstTicks: number; readonly endTicks: number; readonly packets: number }>;
};
export type PicturePackets = {
  /** In file order. */
  readonly ticks: Float64Array;
  readonly keyTicks: Float64Array;
  /** End of the packet that ends last, its own duration included where the file states one. */
  readonly endTicks: number;
  /** Where the last packet lies, to look at its bytes; null where the container does not tell. */
  readonly lastAt: { readonly position: number; readonly bytes: number } | null;
};

/** Reads the whole file once, decoding nothing. More packets than the limit: `onLine` stops with a RangeError, which the caller refuses. */
export async function scanPackets(
  file: ProbedFile,
  videoStream: number,
): Promise<{ kind: 'scanned'; scan: PacketScan } | Exclude<GuardedEnd, { kind: 'done' }>> {
  const ticks = growing();
  const keyTicks = growing();
  const others = new Map<number, { firstTicks: number; endTicks: number; packets: number }>();
  let encrypted = false;
  let endTicks = Number.NEGATIVE_INFINITY;
  let lastAt: PicturePackets['lastAt'] = null;
  const end = await runGuarded({
    program: 'ffprobe',
    args: [
      ['-v', 'level+fatal', ...inputOptions(file.container, file.limits)],
      [
        '-show_entries',
        'packet=stream_index,pts,dts,duration,size,pos,flags:packet_side_data=side_data_type',
        '-of',
        'csv=p=0',
        '-i',
        inputFile(file.path),
      ],
    ].flat(),
    limits: file.limits.scan,
    ...(file.signal === undefined ? {} : { signal: file.signal }),
    onLine(line) {
      const packet = parsePacket(line);
      encrypted ||= line.endsWith(ENCRYPTED);
      if (packet === null) return;
      if (packet.stream !== videoStream) {
        const other = others.get(packet.stream);
        if (other === undefined) {
          if (others.size <= file.limits.streamsMax)
            others.set(packet.stream, { firstTicks: packet.ticks, endTicks: packet.ticks + packet.duration, packets: 1 });
          return;
        }
        other.firstTicks = Math.min(other.firstTicks, packet.ticks);
        other.endTicks = Math.max(other.endTicks, packet.ticks + packet.duration);
        other.packets += 1;
        return;
      }
      if (ticks.length >= file.limits.videoPacketsMax) throw new TooManyPackets();
      ticks.push(packet.ticks);
      if (packet.isKey) keyTicks.push(packet.ticks);
      endTicks = Math.max(endTicks, packet.ticks + packet.duration);
      if (packet.position !== null) lastAt = { position: packet.position, bytes: packet.bytes };
    },
  });
  if (end.kind !== 'done' && !(end.kind === 'failed' && ticks.length > 0)) return end;
  return { kind: 'scanned', scan: { video: { ticks: ticks.take(), keyTicks: keyTicks.take(), endTicks, lastAt }, others, encrypted } };
}

/** How ffprobe names the side data of common encryption; more side data follows on lines of its own. */
const ENCRYPTED = ',Encryption info';

export class TooManyPackets extends RangeError {}

type Packet = {
  readonly stream: number;
  readonly ticks: number;
  readonly duration: number;
  readonly bytes: number;
  readonly position: number | null;
  readonly isKey: boolean;
};

/** Null for lines of side data, for packets that the container says are not to be shown (`D`), and for those without any time. */
function parsePacket(line: string): Packet | null {
  const [stream = '', pts = '', dts = '', duration = '', size = '', position = '', flags = ''] = line.split(',');
  const ticks = Number(pts === 'N/A' ? dts : pts);
  if (stream === '' || flags === '' || flags[1] === 'D' || !Number.isFinite(ticks)) return null;
  const place = Number(position);
  return {
    stream: Number(stream),
    ticks,
    duration: Number(duration) > 0 ? Number(duration) : 0,
    bytes: Number(size) > 0 ? Number(size) : 0,
    position: Number.isSafeInteger(place) ? place : null,
    isKey: flags[0] === 'K',
  };
}

/** Numbers kept in eight bytes each: a film has hundreds of thousands. */
function growing(): { push(value: number): void; readonly length: number; take(): Float64Array } {
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
    get length() {
      return length;
    },
    take: () => values.slice(0, length),
  };
}
