import type { AudioStream, TextStream } from './inspection.ts';

/** One audio track to make. `id` is unique in the edition and a file name. */
export type AudioPlan = {
  readonly id: string;
  readonly stream: number;
  readonly channels: 2 | 6;
  readonly bitrateKbps: number;
  readonly sampleRate: number;
  readonly language: string;
  readonly label: string;
  /** Played when the viewer has not chosen: exactly one. */
  readonly main: boolean;
};
/** One WebVTT file to make. */
export type TextPlan = {
  readonly id: string;
  readonly stream: number;
  readonly language: string;
  readonly label: string;
  readonly forced: boolean;
  readonly captions: boolean;
  readonly isDefault: boolean;
};

/** Dubbed films have up to forty; each costs an encoder run and storage. */
export const AUDIO_STREAMS_MAX = 24;
export const TEXT_STREAMS_MAX = 60;

/**
 * Every sound of the file as stereo; surround beside it where there is some and it is wanted. A film without sound gets no audio track: all
 * players play video alone, and silence would cost bytes and promise a sound that is not there.
 */
export function planAudio(streams: readonly AudioStream[], surround: boolean): readonly AudioPlan[] {
  const used = streams.slice(0, AUDIO_STREAMS_MAX);
  const main = used.find(({ isDefault }) => isDefault) ?? used[0];
  return used.flatMap((stream, index) => {
    const base = { stream: stream.stream, sampleRate: 48_000, language: stream.language };
    const label = labelOf(stream, `Audio ${index + 1}`);
    const stereo: AudioPlan = { ...base, id: `audio-${index + 1}`, channels: 2, bitrateKbps: 128, label, main: stream === main };
    if (!surround || stream.channels < 6) return [stereo];
    return [stereo, { ...base, id: `audio-${index + 1}-surround`, channels: 6, bitrateKbps: 384, label: `${label} 5.1`, main: false }];
  });
}

/** Text that can become WebVTT. */
export function planText(streams: readonly TextStream[]): readonly TextPlan[] {
  return streams
    .filter(({ convertible }) => convertible)
    .slice(0, TEXT_STREAMS_MAX)
    .map(({ stream, language, title, forced, captions, isDefault }, index) => ({
      id: `text-${index + 1}`,
      stream,
      language,
      label: labelOf({ language, title }, `Subtitles ${index + 1}`),
      forced,
      captions,
      isDefault,
    }));
}

function labelOf(stream: { readonly language: string; readonly title: string }, otherwise: string): string {
  if (stream.title !== '') return stream.title;
  if (stream.language === 'und') return otherwise;
  const name = new Intl.DisplayNames([stream.language, 'en'], { type: 'language', fallback: 'none' }).of(stream.language);
  return name ?? stream.language;
}
