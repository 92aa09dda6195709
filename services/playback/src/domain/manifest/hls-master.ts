import type { AudioTrack, Edition, TextTrack, VideoTrack } from '@bioscope/catalog/contract';

import { quoted, tag } from './hls-attributes.ts';
import type { PathwayBase, Presentation } from './presentation.ts';

/**
 * The multivariant playlist (RFC 8216bis, 4.4.6 and 7): one variant per rung, sound layout and pathway. Every pathway has groups of its own,
 * told to be the same renditions by their stable ids, so that a session can be moved without a new playlist.
 */
export function writeHlsMaster(presentation: Presentation): string {
  const { edition, pathways } = presentation;
  const layouts = audioLayouts(edition.audio);
  return [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    '#EXT-X-INDEPENDENT-SEGMENTS',
    tag('EXT-X-CONTENT-STEERING', { 'SERVER-URI': quoted(presentation.steeringUrl), 'PATHWAY-ID': quoted(pathways[0]?.id ?? '') }),
    ...pathways.flatMap((pathway) => [
      ...layouts.flatMap((layout) => layout.tracks.map((track) => audioMedia(track, layout, pathway))),
      ...edition.text.map((track) => textMedia(track, pathway)),
    ]),
    ...pathways.flatMap((pathway) =>
      (layouts.length === 0 ? [null] : layouts).flatMap((layout) =>
        edition.video.flatMap((track) => variant(edition, track, layout, pathway)),
      ),
    ),
    '',
  ].join('\n');
}

/** Path of a track's playlist, relative to the multivariant playlist. */
function mediaPlaylistPath(pathway: PathwayBase, trackId: string): string {
  return `${pathway.id}/${trackId}.m3u8`;
}

/** Sounds of one channel count: members of a group must be alike in all but language and purpose. */
type AudioLayout = { readonly channels: number; readonly tracks: readonly AudioTrack[] };

function audioLayouts(tracks: readonly AudioTrack[]): AudioLayout[] {
  const counts = [...new Set(tracks.map((track) => track.channels))].sort((few, many) => few - many);
  return counts.map((channels) => ({ channels, tracks: tracks.filter((track) => track.channels === channels) }));
}

function audioGroup(layout: AudioLayout, pathway: PathwayBase): string {
  return `audio-${layout.channels}-${pathway.id}`;
}

function textGroup(pathway: PathwayBase): string {
  return `text-${pathway.id}`;
}

function audioMedia(track: AudioTrack, layout: AudioLayout, pathway: PathwayBase): string {
  const isDefault = track === (layout.tracks.find((candidate) => candidate.main) ?? layout.tracks[0]);
  return tag('EXT-X-MEDIA', {
    TYPE: 'AUDIO',
    'GROUP-ID': quoted(audioGroup(layout, pathway)),
    NAME: quoted(uniqueName(track, layout.tracks)),
    LANGUAGE: quoted(track.language),
    DEFAULT: isDefault ? 'YES' : 'NO',
    AUTOSELECT: 'YES',
    CHANNELS: quoted(String(track.channels)),
    'STABLE-RENDITION-ID': quoted(track.id),
    URI: quoted(mediaPlaylistPath(pathway, track.id)),
  });
}

function textMedia(track: TextTrack, pathway: PathwayBase): string {
  return tag('EXT-X-MEDIA', {
    TYPE: 'SUBTITLES',
    'GROUP-ID': quoted(textGroup(pathway)),
    NAME: quoted(track.label === '' ? `${track.language} (${track.id})` : `${track.label} (${track.id})`),
    LANGUAGE: quoted(track.language),
    DEFAULT: 'NO',
    AUTOSELECT: 'YES',
    FORCED: track.forced ? 'YES' : 'NO',
    CHARACTERISTICS: track.captions
      ? quoted('public.accessibility.transcribes-spoken-dialog,public.accessibility.describes-music-and-sound')
      : undefined,
    'STABLE-RENDITION-ID': quoted(track.id),
    URI: quoted(mediaPlaylistPath(pathway, track.id)),
  });
}

function variant(edition: Edition, track: VideoTrack, layout: AudioLayout | null, pathway: PathwayBase): string[] {
  const file = track.track;
  if (file === undefined) return [];
  const sounds = layout?.tracks.flatMap((sound) => sound.track ?? []) ?? [];
  const most = (pick: (sound: (typeof sounds)[number]) => number): number => Math.max(0, ...sounds.map(pick));
  return [
    tag('EXT-X-STREAM-INF', {
      BANDWIDTH: String(file.bandwidth + most((sound) => sound.bandwidth)),
      'AVERAGE-BANDWIDTH': String(file.averageBandwidth + most((sound) => sound.averageBandwidth)),
      CODECS: quoted([...new Set([file.codecs, ...sounds.map((sound) => sound.codecs)])].join(',')),
      RESOLUTION: `${track.width}x${track.height}`,
      'FRAME-RATE': (track.frameRateNumerator / track.frameRateDenominator).toFixed(3),
      AUDIO: layout === null ? undefined : quoted(audioGroup(layout, pathway)),
      SUBTITLES: edition.text.length === 0 ? undefined : quoted(textGroup(pathway)),
      'CLOSED-CAPTIONS': 'NONE',
      'STABLE-VARIANT-ID': quoted(layout === null ? track.rung : `${track.rung}-${layout.channels}`),
      'PATHWAY-ID': quoted(pathway.id),
    }),
    mediaPlaylistPath(pathway, track.rung),
  ];
}

/** Names must differ inside a group; two tracks of one language often carry the same label. */
function uniqueName(track: AudioTrack, among: readonly AudioTrack[]): string {
  const name = track.label === '' ? track.language : track.label;
  return among.some((other) => other !== track && (other.label === '' ? other.language : other.label) === name)
    ? `${name} (${track.id})`
    : name;
}
