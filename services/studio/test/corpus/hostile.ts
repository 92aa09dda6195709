import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { H264, MOVING, SOUND } from './lab.ts';
import { REFUSED, type Lab, type Specimen } from './specimen.ts';
import type { RefusalCode } from '../../src/media/index.ts';

/** A file with this content. */
function bytes(name: string, code: RefusalCode, content: (lab: Lab) => string | Uint8Array): Specimen {
  return { name, everyday: true, make: (lab, path) => writeFile(path, content(lab)), outcome: REFUSED(code) };
}

/** A file that ffmpeg makes. */
function made(name: string, code: RefusalCode, args: readonly string[]): Specimen {
  return { name, everyday: true, make: (lab, path) => lab.ffmpeg(...MOVING, ...SOUND, '-t', '1', ...args, path), outcome: REFUSED(code) };
}

const KEY = '00112233445566778899aabbccddeeff';
const FTYP = Buffer.from('000000186674797069736f6d0000020069736f6d69736f32', 'hex');

/** Files that are no films, or that want something else than being watched. */
export const HOSTILE: readonly Specimen[] = [
  bytes('empty.mp4', 'empty', () => ''),
  bytes('text.mp4', 'not_a_film', () => 'This is not a film.\n'.repeat(1000)),
  bytes('page.mp4', 'not_a_film', () => '<!doctype html><html><body><video src="x.mp4"></body></html>'),
  bytes('random.mp4', 'not_a_film', () => Buffer.from(Array.from({ length: 65_536 }, (_, index) => (index * 2654435761) >>> 24))),
  bytes('document.mp4', 'not_a_film', () => '%PDF-1.7\n%âãÏÓ\n1 0 obj\n<< /Type /Catalog >>\nendobj\n'),
  bytes('archive.mp4', 'not_a_film', () => Buffer.from('504b0304140000000800', 'hex')),
  bytes('bomb.mp4', 'not_a_film', () => gzipSync(Buffer.alloc(50_000_000))),
  bytes('program.mp4', 'not_a_film', () => Buffer.concat([Buffer.from('7f454c46020101', 'hex'), Buffer.alloc(4096)])),
  bytes('playlist over the network.mp4', 'playlist', (lab) => `#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n${lab.url}\n#EXT-X-ENDLIST\n`),
  bytes(
    'playlist of a local film.mp4',
    'playlist',
    (lab) => `#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n${lab.canary}\n#EXT-X-ENDLIST\n`,
  ),
  bytes('playlist of a secret.mp4', 'playlist', () => '#EXTM3U\n#EXTINF:4,\nfile:///etc/passwd\n'),
  bytes('playlist after a byte order mark.mp4', 'playlist', (lab) => `\ufeff#EXTM3U\n#EXTINF:4,\n${lab.url}\n`),
  bytes('script of films.mp4', 'playlist', (lab) => `ffconcat version 1.0\nfile '${lab.canary}'\n`),
  bytes('manifest.mp4', 'playlist', (lab) => `<?xml version="1.0"?>\n<MPD><Period><BaseURL>${lab.url}</BaseURL></Period></MPD>`),
  bytes('windows playlist.mp4', 'playlist', (lab) => `<asx version="3.0"><entry><ref href="${lab.url}"/></entry></asx>`),
  bytes('drawing.mp4', 'image', (lab) => `<svg xmlns="http://www.w3.org/2000/svg"><image href="${lab.url}"/></svg>`),
  bytes('photo from a phone.mp4', 'image', () => Buffer.from('00000018667479706865696300000000686569636d696631', 'hex')),
  bytes('playlist behind a film header.mp4', 'broken', (lab) => Buffer.concat([FTYP, Buffer.from(`\n#EXTM3U\n#EXTINF:4,\n${lab.url}\n`)])),
  bytes('boxes without end.mp4', 'broken', () =>
    Buffer.concat([FTYP, ...Array.from({ length: 5000 }, () => Buffer.from('ffffffff6d6f6f76', 'hex'))]),
  ),
  bytes('elements without end.mkv', 'broken', () => Buffer.concat([Buffer.from('1a45dfa3', 'hex'), Buffer.alloc(60_000, 0xff)])),
  made('picture.png', 'image', ['-map', '0', '-frames:v', '1']),
  made('picture.jpg', 'image', ['-map', '0', '-frames:v', '1']),
  made('moving picture.gif', 'image', ['-map', '0']),
  made('sound.wav', 'audio_only', ['-map', '1']),
  made('sound.m4a', 'audio_only', ['-map', '1', '-c:a', 'aac']),
  made('song with a cover.mp3', 'audio_only', [
    '-c:a',
    'libmp3lame',
    '-c:v',
    'mjpeg',
    '-frames:v',
    '1',
    '-disposition:v',
    'attached_pic',
    '-id3v2_version',
    '3',
  ]),
  {
    name: 'song with a cover.m4a',
    everyday: true,
    async make(lab, path) {
      const [sound, cover] = [join(lab.folder, 'song.m4a'), join(lab.folder, 'cover.jpg')];
      await lab.ffmpeg(...SOUND, '-t', '1', '-c:a', 'aac', sound);
      await lab.ffmpeg(...MOVING, '-frames:v', '1', cover);
      await lab.ffmpeg('-i', sound, '-i', cover, '-map', '0', '-map', '1', '-c', 'copy', '-disposition:v', 'attached_pic', path);
    },
    outcome: REFUSED('audio_only'),
  },
  made('protected.mp4', 'encrypted', [
    ...H264,
    '-c:a',
    'aac',
    '-encryption_scheme',
    'cenc-aes-ctr',
    '-encryption_key',
    KEY,
    '-encryption_kid',
    KEY,
  ]),
  {
    name: 'icon.mp4',
    everyday: true,
    make: (lab, path) => lab.ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=8x8:d=1', '-c:v', 'mpeg4', path),
    outcome: REFUSED('too_small'),
  },
  {
    name: 'wall of pixels.avi',
    everyday: true,
    async make(lab, path) {
      await lab.ffmpeg(...MOVING, '-frames:v', '2', '-c:v', 'rawvideo', '-pix_fmt', 'bgr24', path);
      const film = await readFile(path);
      // BITMAPINFOHEADER: its size (40), then width and height.
      const header = film.indexOf('strf') + 8;
      film.writeInt32LE(60_000, header + 4);
      film.writeInt32LE(60_000, header + 8);
      await writeFile(path, film);
    },
    outcome: REFUSED('too_large'),
  },
  {
    name: 'forty hours in two pictures.mkv',
    everyday: true,
    make: (lab, path) =>
      lab.ffmpeg(
        '-f',
        'lavfi',
        '-i',
        'testsrc2=s=160x120:r=25',
        '-frames:v',
        '2',
        '-vf',
        'setpts=N*144000/TB',
        '-fps_mode',
        'passthrough',
        ...H264,
        path,
      ),
    outcome: REFUSED('too_long'),
  },
  {
    name: 'hundred and fifty streams.mkv',
    everyday: true,
    make: (lab, path) =>
      lab.ffmpeg(
        ...MOVING,
        ...SOUND,
        '-t',
        '0.2',
        '-map',
        '0:v',
        ...Array.from({ length: 150 }, () => ['-map', '1:a']).flat(),
        ...H264,
        '-c:a',
        'pcm_s16le',
        path,
      ),
    outcome: REFUSED('too_many_streams'),
  },
  {
    name: 'different sizes for different readers.mp4',
    everyday: true,
    async make(lab, path) {
      const film = await readFile(await lab.plainFilm());
      // The sample entry says one size, the codec's own header another.
      const sample = film.indexOf('avc1', film.indexOf('stsd')) + 28;
      film.writeUInt16BE(640, sample);
      film.writeUInt16BE(480, sample + 2);
      await writeFile(path, film);
    },
    outcome: REFUSED('parsers_disagree'),
  },
];
