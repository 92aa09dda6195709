import type { AudioTrack, Storyboard, TextTrack, TrackFile, VideoTrack } from '@bioscope/catalog/contract';

import { editionUrl, spreadBandwidth, type Presentation } from './presentation.ts';
import { segmentIndexBytes } from './segment-index.ts';
import { element, textElement } from './xml.ts';

/**
 * The MPD of the on-demand profile (ISO/IEC 23009-1, 8.3): one file per representation. Every pathway is a BaseURL of its own, so that a
 * player that knows no steering still has a second server to go to.
 *
 * The index is named twice: as a byte range of the file, and as a resource of the session. Players that know the second (Shaka) need it: when
 * the order of pathways changes while Shaka 5.2 reads an index from a pathway, it takes the index for one of another file and asks for
 * segments at wrong places (dash/segment_base.js, `indexIsExternal`).
 */
export function writeDash(presentation: Presentation): string {
  const { edition, pathways } = presentation;
  const mpd = element(
    'MPD',
    {
      xmlns: 'urn:mpeg:dash:schema:mpd:2011',
      type: 'static',
      profiles: 'urn:mpeg:dash:profile:isoff-on-demand:2011',
      mediaPresentationDuration: seconds(edition.durationMs),
      minBufferTime: 'PT4S',
    },
    [
      ...pathways.map((pathway) => textElement('BaseURL', { serviceLocation: pathway.id }, editionUrl(presentation, pathway))),
      // ETSI TS 103 998, 6.2: the location to start with, without waiting for the steering server.
      textElement('ContentSteering', { defaultServiceLocation: pathways[0]?.id, queryBeforeStart: 'false' }, presentation.steeringUrl),
      element('Period', { id: '1', start: 'PT0S' }, adaptationSets(presentation)),
    ],
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${mpd}\n`;
}

function adaptationSets(presentation: Presentation): string[] {
  const { edition } = presentation;
  const board = edition.storyboard;
  return [
    videoSet(presentation),
    ...edition.audio.map((track, index) => audioSet(presentation, track, index + 2)),
    ...edition.text.map((track, index) => textSet(presentation, track, index + 2 + edition.audio.length)),
    ...(board === undefined || board.files.length === 0
      ? []
      : [storyboardSet(presentation, board, 2 + edition.audio.length + edition.text.length)]),
  ];
}

function videoSet(presentation: Presentation): string {
  const tracks = presentation.edition.video;
  const [first] = tracks;
  return element(
    'AdaptationSet',
    {
      id: 1,
      contentType: 'video',
      mimeType: 'video/mp4',
      frameRate: first === undefined ? undefined : frameRate(first),
      maxWidth: Math.max(...tracks.map((track) => track.width)),
      maxHeight: Math.max(...tracks.map((track) => track.height)),
      ...ALIGNED,
    },
    [
      role('main'),
      ...tracks.map((track) =>
        representation(presentation, track.rung, track.track, {
          width: track.width,
          height: track.height,
          frameRate: frameRate(track),
          sar: '1:1',
        }),
      ),
    ],
  );
}

function audioSet(presentation: Presentation, track: AudioTrack, id: number): string {
  return element('AdaptationSet', { id, contentType: 'audio', mimeType: 'audio/mp4', lang: track.language, ...ALIGNED }, [
    label(track.label),
    role(track.main ? 'main' : 'alternate'),
    representation(presentation, track.id, track.track, { audioSamplingRate: track.sampleRate }, [channels(track.channels)]),
  ]);
}

function textSet(presentation: Presentation, track: TextTrack, id: number): string {
  const bandwidth = spreadBandwidth(presentation.edition, [track.file]);
  return element('AdaptationSet', { id, contentType: 'text', mimeType: 'text/vtt', lang: track.language }, [
    label(track.label),
    role(textRole(track)),
    element('Representation', { id: track.id, bandwidth }, [textElement('BaseURL', {}, track.file)]),
  ]);
}

/** DASH-IF IOP 4.3, 6.2.6: each sheet is a segment with so many pictures across and down. */
function storyboardSet(presentation: Presentation, board: Storyboard, id: number): string {
  const sheetMs = board.everyMs * board.columns * board.rows;
  return element('AdaptationSet', { id, contentType: 'image', mimeType: 'image/jpeg' }, [
    element(
      'Representation',
      {
        id: 'storyboard',
        bandwidth: spreadBandwidth(presentation.edition, board.files),
        width: board.thumbnailWidth * board.columns,
        height: board.thumbnailHeight * board.rows,
      },
      [
        element('EssentialProperty', {
          schemeIdUri: 'http://dashif.org/guidelines/thumbnail_tile',
          value: `${board.columns}x${board.rows}`,
        }),
        element(
          'SegmentList',
          { timescale: 1000, duration: sheetMs },
          board.files.map((media) => element('SegmentURL', { media })),
        ),
      ],
    ),
  ]);
}

function representation(
  { sessionUrl }: Presentation,
  id: string,
  track: TrackFile | undefined,
  attributes: Record<string, string | number>,
  children: readonly string[] = [],
): string | undefined {
  if (track === undefined) return undefined;
  const indexEnd = track.initBytes + track.indexBytes - 1;
  return element('Representation', { id, bandwidth: track.bandwidth, codecs: track.codecs, ...attributes }, [
    ...children,
    textElement('BaseURL', {}, track.file),
    element('SegmentBase', { timescale: track.timescale, indexRange: `${track.initBytes}-${indexEnd}`, indexRangeExact: 'true' }, [
      element('Initialization', { range: `0-${track.initBytes - 1}` }),
      element('RepresentationIndex', { sourceURL: `${sessionUrl}/${id}.sidx`, range: `0-${segmentIndexBytes(track) - 1}` }),
    ]),
  ]);
}

const ALIGNED = { subsegmentAlignment: 'true', subsegmentStartsWithSAP: 1 };

/** ChannelConfiguration of ISO/IEC 23091-3; eight channels are 7.1 with two speakers behind. */
const CHANNEL_CONFIGURATIONS: Readonly<Record<number, number>> = { 8: 12 };

function channels(count: number): string {
  const value = CHANNEL_CONFIGURATIONS[count] ?? count;
  return element('AudioChannelConfiguration', { schemeIdUri: 'urn:mpeg:mpegB:cicp:ChannelConfiguration', value });
}

function textRole(track: TextTrack): string {
  if (track.forced) return 'forced-subtitle';
  return track.captions ? 'caption' : 'subtitle';
}

function role(value: string): string {
  return element('Role', { schemeIdUri: 'urn:mpeg:dash:role:2011', value });
}

function label(text: string): string | undefined {
  return text === '' ? undefined : textElement('Label', {}, text);
}

function frameRate(track: VideoTrack): string {
  return track.frameRateDenominator === 1 ? `${track.frameRateNumerator}` : `${track.frameRateNumerator}/${track.frameRateDenominator}`;
}

function seconds(ms: number): string {
  return `PT${(ms / 1000).toFixed(3)}S`;
}
