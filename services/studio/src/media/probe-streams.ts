import { runGuarded, type GuardedEnd } from './guarded.ts';
import { inputFile, inputOptions } from './input.ts';
import type { MediaLimits } from './limits.ts';
import type { Container } from './sniff.ts';

export type ProbedFile = {
  readonly path: string;
  readonly container: Container;
  readonly limits: MediaLimits;
  readonly signal?: AbortSignal;
};

/** A stream as ffprobe prints it; all values are text or numbers from an untrusted file. */
export type RawStream = {
  readonly index: number;
  readonly codec_type?: string;
  readonly codec_name?: string;
  readonly codec_tag_string?: string;
  readonly width?: number;
  readonly height?: number;
  readonly sample_aspect_ratio?: string;
  readonly pix_fmt?: string;
  readonly field_order?: string;
  readonly color_range?: string;
  readonly color_space?: string;
  readonly color_transfer?: string;
  readonly color_primaries?: string;
  readonly time_base?: string;
  readonly avg_frame_rate?: string;
  readonly channels?: number;
  readonly sample_rate?: string;
  readonly bits_per_raw_sample?: string;
  readonly disposition?: Readonly<Record<string, number>>;
  readonly tags?: Readonly<Record<string, string>>;
  readonly side_data_list?: readonly { readonly side_data_type?: string; readonly rotation?: number }[];
};
export type RawFile = { readonly streams: readonly RawStream[]; readonly durationSeconds: number | null; readonly stderr: string };

/** Headers only: what streams there are. */
export async function probeStreams(file: ProbedFile): Promise<{ kind: 'read'; file: RawFile } | Exclude<GuardedEnd, { kind: 'done' }>> {
  const lines: string[] = [];
  let characters = 0;
  const end = await runGuarded({
    program: 'ffprobe',
    args: [
      ['-v', 'level+error', ...inputOptions(file.container, file.limits)],
      ['-show_entries', ENTRIES, '-of', 'json=c=1', '-i', inputFile(file.path)],
    ].flat(),
    limits: file.limits.probe,
    ...(file.signal === undefined ? {} : { signal: file.signal }),
    onLine(line) {
      characters += line.length;
      if (characters > OUTPUT_CHARACTERS_MAX) throw new RangeError('ffprobe has more to say about this file than any film needs');
      lines.push(line);
    },
  });
  if (end.kind !== 'done') return end;
  const printed = JSON.parse(lines.join('\n')) as { streams?: readonly RawStream[]; format?: { duration?: string } };
  const declared = Number(printed.format?.duration ?? Number.NaN);
  return {
    kind: 'read',
    file: { streams: printed.streams ?? [], durationSeconds: Number.isFinite(declared) ? declared : null, stderr: end.stderr },
  };
}

/** A hundred streams with long names. */
const OUTPUT_CHARACTERS_MAX = 1024 * 1024;
const ENTRIES = [
  'stream=index,codec_type,codec_name,codec_tag_string,width,height,sample_aspect_ratio,pix_fmt,field_order,color_range,color_space',
  ',color_transfer,color_primaries,time_base,avg_frame_rate,channels,sample_rate,bits_per_raw_sample',
  ':stream_disposition=default,forced,hearing_impaired,attached_pic,still_image,timed_thumbnails,comment',
  ':stream_tags=language,title,handler_name:stream_side_data=side_data_type,rotation:format=duration',
].join('');
