import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { create } from '@bufbuild/protobuf';
import { StoryboardSchema } from '@bioscope/catalog/contract';
import { parse } from 'mpd-parser';

import { filmBytes, filmPresentation, golden } from '../../../test/film.ts';
import { writeDash } from './dash.ts';

const read = (text: string): ReturnType<typeof parse> => {
  const warnings: string[] = [];
  const manifest = parse(text, {
    manifestUri: 'http://play.localhost:8080/sessions/s/manifest.mpd',
    eventHandler: ({ message }) => warnings.push(message),
  });
  assert.deepEqual(warnings, []);
  return manifest;
};

const storyboard = create(StoryboardSchema, {
  files: ['storyboard-1.jpg', 'storyboard-2.jpg'],
  columns: 5,
  rows: 5,
  thumbnailWidth: 160,
  thumbnailHeight: 90,
  everyMs: 2000,
  thumbnails: 30,
});

describe('the MPD', () => {
  it('is written as agreed', () => {
    const { edition } = filmPresentation();
    assert.equal(writeDash(filmPresentation({ edition: { ...edition, storyboard } })), golden('manifest.mpd'));
  });

  it('offers every rung on every pathway, and names the steering server', () => {
    const presentation = filmPresentation();
    const { playlists, duration, contentSteering } = read(writeDash(presentation));
    assert.equal(duration, 10.427);
    assert.deepEqual(contentSteering, { defaultServiceLocation: 'oca-1', queryBeforeStart: false, serverURL: presentation.steeringUrl });
    assert.deepEqual(
      playlists.map(({ attributes }) => [attributes.serviceLocation, attributes.BANDWIDTH, attributes.CODECS]),
      presentation.edition.video.flatMap(({ track }) => presentation.pathways.map(({ id }) => [id, track?.bandwidth, track?.codecs])),
    );
  });

  it('points at the header and the index of each packaged file', () => {
    const { playlists, mediaGroups } = read(writeDash(filmPresentation()));
    const sounds = Object.values(mediaGroups['AUDIO']?.['audio'] ?? {}).flatMap((group) => group.playlists);
    const representations = [...playlists, ...sounds];
    assert.equal(representations.length, 6);
    for (const { sidx } of representations) {
      assert.ok(sidx !== undefined);
      const name = sidx.resolvedUri.split('/').at(-1) ?? '';
      assert.match(sidx.resolvedUri, /^http:\/\/127\.0\.0\.[23]:8081\/t\/k1\.1700000600\.session1\.mac\/ed1\/[a-z0-9-]+\.mp4$/);
      const file = filmBytes(name);
      assert.equal(file.readUInt32BE(sidx.byterange.offset), sidx.byterange.length);
      assert.equal(file.subarray(sidx.byterange.offset + 4, sidx.byterange.offset + 8).toString(), 'sidx');
      assert.deepEqual(sidx.map.byterange, { offset: 0, length: sidx.byterange.offset });
    }
  });

  it('tells languages and purposes of sound and text', () => {
    const text = writeDash(filmPresentation());
    const { mediaGroups } = read(text);
    assert.deepEqual(Object.keys(mediaGroups['SUBTITLES']?.['subs'] ?? {}), ['English']);
    assert.match(text, /<Role schemeIdUri="urn:mpeg:dash:role:2011" value="caption"\/>/);
    assert.match(text, /<AudioChannelConfiguration schemeIdUri="urn:mpeg:mpegB:cicp:ChannelConfiguration" value="2"\/>/);
  });

  it('cannot be broken by what people write into labels', () => {
    const { edition } = filmPresentation();
    const [sound] = edition.audio;
    assert.ok(sound !== undefined);
    const label = '</Label><BaseURL>http://evil.example/</BaseURL>\u0000 & "x" \ud800';
    const text = writeDash(filmPresentation({ edition: { ...edition, audio: [{ ...sound, label }] } }));
    assert.ok(
      text.includes('<Label>&lt;/Label&gt;&lt;BaseURL&gt;http://evil.example/&lt;/BaseURL&gt;\ufffd &amp; &quot;x&quot; \ufffd</Label>'),
    );
    assert.equal(read(text).playlists.length, 4);
  });

  it('plays silent films', () => {
    const { edition } = filmPresentation();
    const { playlists } = read(writeDash(filmPresentation({ edition: { ...edition, audio: [], text: [] } })));
    assert.equal(playlists.length, 4);
  });

  it('is the same for the same presentation', () => {
    assert.equal(writeDash(filmPresentation()), writeDash(filmPresentation()));
  });
});
