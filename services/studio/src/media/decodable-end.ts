import type { FileHandle } from 'node:fs/promises';

import { probeFrames } from './probe-frames.ts';
import type { ProbedFile } from './probe-streams.ts';
import type { PacketScan } from './scan-packets.ts';

/**
 * Where the film really ends, on the file's clock. An index may promise pictures whose bytes never arrived (a download that reserved its space
 * first), so the last bytes are looked at and the last key frame is decoded; when that fails, the last good key frame is searched by halving.
 */
export async function decodableEnd(request: {
  readonly file: ProbedFile;
  readonly handle: FileHandle;
  readonly stream: number;
  readonly scan: PacketScan;
  /** Duration of one frame, for packets that do not state theirs. */
  readonly frameSeconds: number;
  readonly seconds: (ticks: number) => number;
}): Promise<{ readonly seconds: number; readonly cut: boolean }> {
  const { scan, seconds } = request;
  const last = scan.video.ticks.reduce((latest, ticks) => Math.max(latest, ticks), Number.NEGATIVE_INFINITY);
  const stated = seconds(scan.video.endTicks);
  const whole = stated > seconds(last) ? stated : seconds(last) + request.frameSeconds;
  const keys = scan.video.keyTicks.slice().sort();
  // Without any key frame mark (some MPEG files) there is nowhere to begin a check; encoding will tell.
  if (keys.length === 0) return { seconds: whole, cut: false };
  const decodes = async (index: number): Promise<boolean> => {
    const at = seconds(keys[index] ?? 0);
    const from = INDEXED.has(request.file.container) ? at : Math.max(0, at - LANDING_SECONDS);
    const frames = await probeFrames(request.file, { stream: request.stream, packets: TAIL_PACKETS, fromSeconds: from });
    return frames.some(({ ticks }) => ticks === null || seconds(ticks) > at - NEAR_SECONDS);
  };
  if (!(await endsInZeros(request.handle, scan)) && (await decodes(keys.length - 1))) return { seconds: whole, cut: false };
  let good = -1;
  let bad = keys.length - 1;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (await decodes(middle)) good = middle;
    else bad = middle;
  }
  return { seconds: seconds(keys[bad] ?? 0), cut: true };
}

/** Containers whose index leads straight to a key frame; in others one lands near the time, which may be behind the key frame. */
const INDEXED: ReadonlySet<string> = new Set(['mov', 'matroska']);
const LANDING_SECONDS = 3;
/** AVI tells when a frame is decoded, not when it is shown. */
const NEAR_SECONDS = 0.5;
/** Of which only the key frame is decoded; containers without an index land some packets early. */
const TAIL_PACKETS = 1000;
const TAIL_BYTES = 64;

async function endsInZeros(handle: FileHandle, scan: PacketScan): Promise<boolean> {
  const { lastAt } = scan.video;
  if (lastAt === null || lastAt.bytes < TAIL_BYTES) return false;
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(TAIL_BYTES), 0, TAIL_BYTES, lastAt.position);
  return bytesRead === TAIL_BYTES && buffer.every((byte) => byte === 0);
}
