import type { Edition, TrackFile } from '../../contract/index.ts';

/** A ladder has about ten rungs and a film a few dozen sounds and subtitles; a list a hundred times that is a mistake. */
const TRACKS_MAX = 200;
/** Storyboard sheets, texts and tracks of one edition together. */
const FILES_MAX = 1000;
/** Three days in segments of 4 s, what a sidx box can count. */
const SEGMENTS_MAX = 65_535;
const NAME = /^[a-z0-9._-]{1,100}$/;
const SHA256 = /^[0-9a-f]{64}$/;

/** What is wrong with an edition, every problem at once; empty when manifests can be made of it. */
export function editionProblems(edition: Edition): string[] {
  const problems: string[] = [];
  const { video, audio, text, storyboard, files } = edition;
  const tracks = [...video.map((track) => track.track), ...audio.map((track) => track.track)];
  if (video.length === 0) problems.push('video is empty: an edition needs a picture');
  if (tracks.length + text.length > TRACKS_MAX) problems.push(`more than ${TRACKS_MAX} tracks`);
  if (files.length > FILES_MAX) problems.push(`more than ${FILES_MAX} files`);
  if (problems.length > 0) return problems;
  if (!(edition.durationMs > 0)) problems.push('duration_ms must be above 0');
  problems.push(
    ...nameProblems(edition),
    ...repeated(
      'rung',
      video.map((track) => track.rung),
    ),
  );
  problems.push(...repeated('track id', [...audio.map((track) => track.id), ...text.map((track) => track.id)]));
  for (const track of video)
    if (track.width === 0 || track.height === 0 || track.frameRateNumerator === 0 || track.frameRateDenominator === 0)
      problems.push(`rung ${JSON.stringify(track.rung)}: width, height and frame rate must be above 0`);
  const bytes = new Map(files.map((file) => [file.name, file.bytes]));
  for (const track of tracks) problems.push(...trackProblems(track, bytes));
  for (const name of [...text.map((track) => track.file), ...(storyboard?.files ?? [])])
    if (!bytes.has(name)) problems.push(`${JSON.stringify(name)} is not among the files`);
  return problems;
}

function nameProblems(edition: Edition): string[] {
  const problems = repeated(
    'file',
    edition.files.map((file) => file.name),
  );
  for (const file of edition.files) {
    if (!NAME.test(file.name)) problems.push(`file name ${JSON.stringify(file.name)}: 1 to 100 of a-z 0-9 . _ - are wanted`);
    if (!SHA256.test(file.sha256)) problems.push(`file ${JSON.stringify(file.name)}: sha256 must be 64 hexadecimal digits`);
    if (!Number.isSafeInteger(file.bytes) || file.bytes < 1)
      problems.push(`file ${JSON.stringify(file.name)}: bytes must be a whole number from 1`);
  }
  return problems;
}

function trackProblems(track: TrackFile | undefined, files: ReadonlyMap<string, number>): string[] {
  if (track === undefined) return ['a track without its file'];
  const name = JSON.stringify(track.file);
  const bytes = files.get(track.file);
  if (bytes === undefined) return [`${name} is not among the files`];
  const problems: string[] = [];
  const segments = track.segmentBytes.length;
  if (segments === 0 || segments > SEGMENTS_MAX || segments !== track.segmentDurations.length)
    problems.push(
      `${name}: ${segments} segment sizes and ${track.segmentDurations.length} durations; as many of each are wanted, 1 to ${SEGMENTS_MAX}`,
    );
  if ([...track.segmentBytes, ...track.segmentDurations].includes(0)) problems.push(`${name}: a segment without bytes or duration`);
  if (track.timescale === 0 || track.initBytes === 0 || track.indexBytes === 0 || track.bandwidth === 0)
    problems.push(`${name}: timescale, init_bytes, index_bytes and bandwidth must be above 0`);
  const total = track.segmentBytes.reduce((sum, segment) => sum + segment, track.initBytes + track.indexBytes);
  if (total !== bytes) problems.push(`${name}: header, index and segments are ${total} bytes, the file is ${bytes}`);
  if (!/^[A-Za-z0-9.]{1,50}$/.test(track.codecs)) problems.push(`${name}: codecs ${JSON.stringify(track.codecs)} is no codec string`);
  return problems;
}

function repeated(what: string, names: readonly string[]): string[] {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  return twice === undefined ? [] : [`${what} ${JSON.stringify(twice)} occurs twice`];
}
