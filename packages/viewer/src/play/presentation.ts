// CommonJS, whose named exports other parts of this tree declare for their own needs.
// oxlint-disable-next-line import/default -- there is one under Node
import mpdParser from 'mpd-parser';
import type { MpdPlaylist } from 'mpd-parser';

/** What a player takes from an MPD: one picture, one sound, and where they lie on each pathway. */
export type Presentation = {
  /** In the manifest's order. */
  readonly pathways: readonly string[];
  readonly tracks: readonly TrackSource[];
  readonly steeringUrl: string | undefined;
};

export type TrackSource = {
  readonly kind: 'video' | 'audio';
  readonly id: string;
  readonly urlOn: Readonly<Record<string, string>>;
  /** Initialization and index lie in front, up to this byte inclusive. */
  readonly headLastByte: number;
};

/** The best rung up to `heightMax`, else the smallest; the first sound. Throws when there is no picture to fetch. */
export function readPresentation(mpd: string, manifestUrl: string, heightMax: number): Presentation {
  // oxlint-disable-next-line import/no-named-as-default-member -- see the import
  const manifest = mpdParser.parse(mpd, { manifestUri: manifestUrl });
  const sounds = Object.values(manifest.mediaGroups.AUDIO).flatMap((group) => Object.values(group));
  const sound = (sounds.find((each) => each.default) ?? sounds[0])?.playlists ?? [];
  const video = trackOf('video', chooseRung(manifest.playlists, heightMax));
  if (video === undefined) throw new TypeError('the manifest names no picture with an index');
  const audio = trackOf(
    'audio',
    sound.filter((each) => nameOf(each) === nameOf(sound[0])),
  );
  return {
    pathways: Object.keys(video.urlOn),
    tracks: audio === undefined ? [video] : [video, audio],
    steeringUrl: manifest.contentSteering?.serverURL,
  };
}

/** All places of the chosen rung. */
function chooseRung(playlists: readonly MpdPlaylist[], heightMax: number): readonly MpdPlaylist[] {
  const height = (each: MpdPlaylist): number => each.attributes.RESOLUTION?.height ?? 0;
  const upwards = playlists.toSorted((one, other) => height(one) - height(other) || one.attributes.BANDWIDTH - other.attributes.BANDWIDTH);
  const chosen = upwards.findLast((each) => height(each) <= heightMax) ?? upwards[0];
  return playlists.filter((each) => nameOf(each) === nameOf(chosen));
}

function trackOf(kind: TrackSource['kind'], playlists: readonly MpdPlaylist[]): TrackSource | undefined {
  const [first] = playlists;
  if (first?.sidx === undefined) return undefined;
  const { offset, length } = first.sidx.byterange;
  const urlOn = Object.fromEntries(playlists.map((each, index) => [each.attributes.serviceLocation ?? String(index), each.resolvedUri]));
  return { kind, id: nameOf(first), urlOn, headLastByte: offset + length - 1 };
}

function nameOf(playlist: MpdPlaylist | undefined): string {
  return playlist?.attributes.NAME ?? '';
}
