import type { MediaLimits } from './limits.ts';
import type { Container } from './sniff.ts';

/**
 * The options before every input. The demuxer is fixed by what `sniff` saw, so nothing is guessed from content or name; only local files are
 * opened (`file:` also keeps a name such as `concat:a|b` or `-f` from being read as something else), and containers may not point elsewhere.
 */
export function inputOptions(container: Container, limits: MediaLimits): readonly string[] {
  return [
    ['-protocol_whitelist', 'file'],
    ['-format_whitelist', DEMUXERS[container].names],
    ['-f', DEMUXERS[container].format],
    ['-max_streams', String(limits.streamsMax + 1)],
    ['-max_pixels', String(limits.pixelsMax)],
    ['-probesize', String(PROBE_BYTES_MAX), '-analyzeduration', String(PROBE_US_MAX)],
    ...(container === 'mov' ? ['-enable_drefs', '0', '-use_absolute_path', '0'] : []),
  ].flat();
}

export function inputFile(path: string): string {
  return `file:${path}`;
}

/** `names` is the demuxer's full name, which the list is matched against. */
const DEMUXERS: Readonly<Record<Container, { readonly format: string; readonly names: string }>> = {
  mov: { format: 'mov', names: 'mov,mp4,m4a,3gp,3g2,mj2' },
  matroska: { format: 'matroska', names: 'matroska,webm' },
  avi: { format: 'avi', names: 'avi' },
  mpegts: { format: 'mpegts', names: 'mpegts' },
  mpeg: { format: 'mpeg', names: 'mpeg' },
  mxf: { format: 'mxf', names: 'mxf' },
  ogg: { format: 'ogg', names: 'ogg' },
  flv: { format: 'flv', names: 'flv' },
  asf: { format: 'asf', names: 'asf' },
};

/** Late streams of transport streams show up within the first seconds. */
const PROBE_BYTES_MAX = 50_000_000;
const PROBE_US_MAX = 15_000_000;
