import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { Parser, type ParsedPlaylist } from 'm3u8-parser';

import { filmBytes, filmPresentation, golden } from '../../../test/film.ts';
import { writeHlsMaster } from './hls-master.ts';
import { writeHlsMedia } from './hls-media.ts';
import type { Presentation } from './presentation.ts';

function parse(text: string): ParsedPlaylist {
  const parser = new Parser();
  parser.push(text);
  parser.end();
  return parser.manifest;
}

function media(presentation: Presentation, pathway: number, track: string): string {
  const base = presentation.pathways[pathway];
  assert.ok(base !== undefined);
  const text = writeHlsMedia(presentation, base, track);
  assert.ok(text !== null, `there is a playlist of ${track}`);
  return text;
}

describe('the multivariant playlist', () => {
  it('is written as agreed', () => {
    assert.equal(writeHlsMaster(filmPresentation()), golden('master.m3u8'));
  });

  it('offers every rung on every pathway with what it really needs, and names the steering server', () => {
    const presentation = filmPresentation();
    const { playlists = [], contentSteering, independentSegments } = parse(writeHlsMaster(presentation));
    assert.equal(independentSegments, true);
    assert.deepEqual(contentSteering, { serverUri: presentation.steeringUrl, pathwayId: 'oca-1' });
    const sound = presentation.edition.audio[0]?.track;
    const expected = presentation.pathways.flatMap((pathway) =>
      presentation.edition.video.map((rung) => ({
        uri: `${pathway.id}/${rung.rung}.m3u8`,
        pathway: pathway.id,
        bandwidth: (rung.track?.bandwidth ?? 0) + (sound?.bandwidth ?? 0),
        average: String((rung.track?.averageBandwidth ?? 0) + (sound?.averageBandwidth ?? 0)),
        resolution: { width: rung.width, height: rung.height },
        codecs: `${rung.track?.codecs},mp4a.40.2`,
        frameRate: 23.976,
      })),
    );
    const found = playlists.map(({ uri, attributes }) => ({
      uri,
      pathway: attributes['PATHWAY-ID'],
      bandwidth: attributes['BANDWIDTH'],
      average: attributes['AVERAGE-BANDWIDTH'],
      resolution: attributes['RESOLUTION'],
      codecs: attributes['CODECS'],
      frameRate: attributes['FRAME-RATE'],
    }));
    assert.deepEqual(found, expected);
  });

  it('gives every pathway the same renditions under the same stable ids', () => {
    const lines = writeHlsMaster(filmPresentation()).split('\n');
    const ids = (pathway: string): string[] =>
      lines.flatMap((line) => (line.includes(`-${pathway}"`) ? (/STABLE-(?:RENDITION|VARIANT)-ID="([^"]+)"/.exec(line)?.[1] ?? []) : []));
    assert.deepEqual(ids('oca-1'), ids('oca-2'));
    assert.deepEqual(ids('oca-1'), ['audio-1', 'text-1', '90p-2', '180p-2']);
  });

  it('puts sounds of different channel counts into groups of their own and names no two of a group alike', () => {
    const presentation = filmPresentation();
    const [stereo] = presentation.edition.audio;
    assert.ok(stereo !== undefined);
    const surround = { ...stereo, id: 'audio-3', channels: 6 };
    const edition = { ...presentation.edition, audio: [stereo, { ...stereo, id: 'audio-2', main: false }, surround] };
    const { mediaGroups, playlists = [] } = parse(writeHlsMaster({ ...presentation, edition }));
    assert.deepEqual(Object.keys(mediaGroups['AUDIO'] ?? {}).sort(), ['audio-2-oca-1', 'audio-2-oca-2', 'audio-6-oca-1', 'audio-6-oca-2']);
    assert.deepEqual(Object.keys(mediaGroups['AUDIO']?.['audio-2-oca-1'] ?? {}), ['English (audio-1)', 'English (audio-2)']);
    assert.equal(playlists.length, 2 * 2 * 2);
  });

  it('plays silent films and films without text', () => {
    const { edition } = filmPresentation();
    const text = writeHlsMaster(filmPresentation({ edition: { ...edition, audio: [], text: [] } }));
    const { playlists = [] } = parse(text);
    assert.equal(playlists.length, 4);
    assert.ok(!text.includes('AUDIO=') && !text.includes('SUBTITLES=') && !text.includes('mp4a'));
  });

  it('cannot be broken by what people write into labels', () => {
    const { edition } = filmPresentation();
    const [sound] = edition.audio;
    assert.ok(sound !== undefined);
    const label = 'English"\n#EXT-X-ENDLIST\r\n,URI="http://evil.example/x';
    const text = writeHlsMaster(filmPresentation({ edition: { ...edition, audio: [{ ...sound, label }] } }));
    assert.equal(text.split('\n').filter((line) => line.startsWith('#EXT-X-ENDLIST')).length, 0);
    const group = parse(text).mediaGroups['AUDIO']?.['audio-2-oca-1'] ?? {};
    assert.deepEqual(
      Object.values(group).map(({ uri }) => uri),
      ['oca-1/audio-1.m3u8'],
    );
  });
});

describe('a media playlist', () => {
  it('is written as agreed', () => {
    assert.equal(media(filmPresentation(), 1, '180p'), golden('180p.m3u8'));
    assert.equal(media(filmPresentation(), 0, 'text-1'), golden('text-1.m3u8'));
  });

  for (const track of ['90p', '180p', 'audio-1'])
    it(`addresses each segment of ${track} in the packaged file, and all of it`, () => {
      const playlist = parse(media(filmPresentation(), 0, track));
      const file = filmBytes(`${track}.mp4`);
      assert.equal(playlist.playlistType, 'VOD');
      assert.equal(playlist.endList, true);
      const [first] = playlist.segments;
      assert.ok(first?.byterange !== undefined);
      assert.deepEqual(first.map?.byterange, { offset: 0, length: file.indexOf('sidx') - 4 });
      let end = first.byterange.offset;
      assert.equal(file.subarray(end - 12 * playlist.segments.length - 28, end - 12 * playlist.segments.length - 24).toString(), 'sidx');
      for (const { byterange, uri, duration } of playlist.segments) {
        assert.equal(uri, `http://127.0.0.2:8081/t/k1.1700000600.session1.mac/ed1/${track}.mp4`);
        assert.equal(byterange?.offset, end, 'a segment begins where the one before ended');
        assert.equal(file.subarray(end + 4, end + 8).toString(), 'moof');
        assert.ok(Math.round(duration) <= (playlist.targetDuration ?? 0));
        end += byterange?.length ?? 0;
      }
      assert.equal(end, file.length);
      assert.equal(playlist.segments.length, 3);
    });

  it('is not there for a track that the edition does not have', () => {
    const presentation = filmPresentation();
    const [pathway] = presentation.pathways;
    assert.ok(pathway !== undefined);
    assert.equal(writeHlsMedia(presentation, pathway, '2160p'), null);
  });
});
