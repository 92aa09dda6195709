import { open, type FileHandle } from 'node:fs/promises';

import { readHeader } from './boxes.ts';
import { PackagingFault } from './fault.ts';
import { readFragment, type Fragment } from './fragment.ts';
import { readTrackHeader, type TrackHeader } from './track-header.ts';

/** One fragmented MP4 file of one track, open for reading; dispose it when done. */
export type Piece = AsyncDisposable & {
  readonly path: string;
  /** The bytes of ftyp and moov, to compare pieces with. */
  readonly head: Buffer;
  readonly moov: Buffer;
  readonly header: TrackHeader;
  /** In file order, each sample checked to lie inside media data that follows its moof. */
  fragments(): AsyncGenerator<Fragment>;
  read(offset: number, bytes: number): Promise<Buffer>;
};

/** An encoder writes 24 bytes and about 700; sample tables of a fragmented file are empty. */
const HEAD_BYTES_MAX = 1 << 20;
/** Room for the sample limit of a fragment at 16 bytes each. */
const MOOF_BYTES_MAX = 1 << 25;
/** A day in fragments of a tenth of a second, two boxes each. */
const TOP_LEVEL_BOXES_MAX = 2_000_000;

export async function openPiece(path: string): Promise<Piece> {
  const file = await open(path, 'r');
  try {
    const end = (await file.stat()).size;
    const ftyp = await topLevelBox(file, 0, end);
    const moov = await topLevelBox(file, ftyp.end, end);
    if (ftyp.type !== 'ftyp' || moov.type !== 'moov')
      throw new PackagingFault('PACKAGE_UNSUPPORTED', `${path} begins with ${ftyp.type} and ${moov.type}; ftyp and moov are wanted`);
    const moovBytes = await readBounded(file, moov, HEAD_BYTES_MAX);
    const header = readTrackHeader(moovBytes);
    return {
      path,
      head: Buffer.concat([await readBounded(file, ftyp, HEAD_BYTES_MAX), moovBytes]),
      moov: moovBytes,
      header,
      fragments: () => fragmentsOf(file, moov.end, end, header),
      read: (offset, bytes) => readExactly(file, offset, bytes),
      [Symbol.asyncDispose]: () => file.close(),
    };
  } catch (fault) {
    await file.close();
    throw fault;
  }
}

type TopLevelBox = { readonly type: string; readonly start: number; readonly body: number; readonly end: number };

async function* fragmentsOf(file: FileHandle, from: number, end: number, header: TrackHeader): AsyncGenerator<Fragment> {
  let waiting: Fragment | null = null;
  let at = from;
  for (let count = 0; at < end; count += 1) {
    if (count > TOP_LEVEL_BOXES_MAX) throw new PackagingFault('PACKAGE_TOO_LARGE', `more than ${TOP_LEVEL_BOXES_MAX} boxes in a piece`);
    const box = await topLevelBox(file, at, end);
    if (box.type === 'moof') {
      if (waiting !== null) throw new PackagingFault('PACKAGE_MALFORMED', 'a moof without its mdat');
      waiting = readFragment(await readBounded(file, box, MOOF_BYTES_MAX), box.start, header);
    } else if (box.type === 'mdat' && waiting !== null) {
      checkInside(waiting, box);
      yield waiting;
      waiting = null;
    }
    at = box.end;
  }
  if (waiting !== null) throw new PackagingFault('PACKAGE_MALFORMED', 'the piece ends after a moof, before its mdat');
}

function checkInside(fragment: Fragment, mdat: TopLevelBox): void {
  for (const sample of fragment.samples)
    if (sample.offset < mdat.body || sample.offset + sample.bytes > mdat.end)
      throw new PackagingFault('PACKAGE_MALFORMED', `a sample at ${sample.offset} of ${sample.bytes} bytes lies outside its mdat`);
}

async function topLevelBox(file: FileHandle, start: number, end: number): Promise<TopLevelBox> {
  const header = readHeader(await readExactly(file, start, Math.min(16, end - start)), 0, end - start);
  return { type: header.type, start, body: start + header.headerBytes, end: start + header.bytes };
}

async function readBounded(file: FileHandle, box: TopLevelBox, bytesMax: number): Promise<Buffer> {
  const bytes = box.end - box.start;
  if (bytes > bytesMax) throw new PackagingFault('PACKAGE_TOO_LARGE', `box ${box.type} has ${bytes} bytes; at most ${bytesMax} are read`);
  return readExactly(file, box.start, bytes);
}

async function readExactly(file: FileHandle, offset: number, bytes: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(bytes);
  let done = 0;
  while (done < bytes) {
    const { bytesRead } = await file.read(buffer, done, bytes - done, offset + done);
    if (bytesRead === 0) throw new PackagingFault('PACKAGE_MALFORMED', `the piece ends at ${offset + done}, before byte ${offset + bytes}`);
    done += bytesRead;
  }
  return buffer;
}
