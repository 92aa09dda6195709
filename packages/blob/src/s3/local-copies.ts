import { createWriteStream } from 'node:fs';
import { link } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { asFault as asDiskFault } from '../disk-faults.ts';
import { checkKey } from '../key.ts';
import { BlobFault } from '../port.ts';
import type { BlobInfo, BlobStore } from '../port.ts';
import { discard } from '../temporary.ts';
import { COPY_TRIES_MAX } from './limits.ts';

type Settings = {
  readonly newTemporary: () => string;
  readonly keptMs: number;
  readonly keptBytesMax: number;
};
type Copy = {
  readonly id: string;
  readonly path: string;
  readonly bytes: number;
  ready: Promise<void>;
  users: number;
  timer: NodeJS.Timeout | null;
};
export type LocalCopies = Pick<BlobStore, 'localCopy'> & AsyncDisposable;

/** Objects fetched to files of this process: one fetch for all who ask meanwhile, kept a while for who asks next, given up when the disk is full. */
export function localCopies({ head, get }: Pick<BlobStore, 'head' | 'get'>, { newTemporary, keptMs, keptBytesMax }: Settings): LocalCopies {
  /** By key and etag, in the order of their last use. */
  const copies = new Map<string, Copy>();
  let isClosed = false;

  const take = (info: BlobInfo): Copy => {
    const id = `${info.key} ${info.etag}`;
    const copy = copies.get(id) ?? { id, path: newTemporary(), bytes: info.bytes, ready: Promise.resolve(), users: 0, timer: null };
    if (!copies.has(id)) {
      copy.ready = fetchTo(copy, info);
      // Each user awaits it; this only says that somebody does.
      copy.ready.catch(() => undefined);
    }
    copies.delete(id);
    copies.set(id, copy);
    copy.users += 1;
    if (copy.timer !== null) clearTimeout(copy.timer);
    copy.timer = null;
    return copy;
  };

  const fetchTo = async (copy: Copy, info: BlobInfo): Promise<void> => {
    try {
      await download(info, copy.path);
    } catch (error) {
      if (!isFull(error) || !(await dropUnused())) throw error;
      await download(info, copy.path);
    }
  };

  const download = async (info: BlobInfo, path: string): Promise<void> => {
    const read = await get(info.key);
    if (read === null) throw new BlobFault('BLOB_REPLACED', `Copying ${info.key}: it was deleted meanwhile.`);
    if (read.etag !== info.etag) {
      read.body.destroy();
      throw new BlobFault('BLOB_REPLACED', `Copying ${info.key}: another object took its place.`);
    }
    try {
      await pipeline(read.body, createWriteStream(path, { flags: 'wx', mode: 0o400 }));
    } catch (error) {
      await discard(path);
      throw asDiskFault(`Copying ${info.key} to ${path}`, error);
    }
  };

  const drop = async (copy: Copy): Promise<void> => {
    if (copy.timer !== null) clearTimeout(copy.timer);
    if (copies.get(copy.id) === copy) copies.delete(copy.id);
    await discard(copy.path);
  };

  const dropUnused = async (): Promise<boolean> => {
    const unused = [...copies.values()].filter(({ users }) => users === 0);
    await Promise.all(unused.map(drop));
    return unused.length > 0;
  };

  const release = async (copy: Copy): Promise<void> => {
    copy.users -= 1;
    if (copy.users > 0) return;
    copy.timer = setTimeout(() => void drop(copy), keptMs).unref();
    const unused = [...copies.values()].filter(({ users }) => users === 0);
    let kept = unused.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const oldest of unused) {
      if (kept <= keptBytesMax && !isClosed) return;
      kept -= oldest.bytes;
      await drop(oldest);
    }
  };

  /** A name of its own for each user, which ends with its use while the bytes stay for others. */
  const handOut = async (copy: Copy): Promise<{ readonly path: string } & AsyncDisposable> => {
    const path = newTemporary();
    await link(copy.path, path);
    let isOpen = true;
    const dispose = async () => {
      if (!isOpen) return;
      isOpen = false;
      await discard(path);
      await release(copy);
    };
    return { path, [Symbol.asyncDispose]: dispose };
  };

  return {
    async localCopy(key) {
      checkKey(key);
      for (let tries = 1; ; tries += 1) {
        const info = await head(key);
        if (info === null) return null;
        const copy = take(info);
        try {
          await copy.ready;
          return await handOut(copy);
        } catch (error) {
          copy.users -= 1;
          if (copies.get(copy.id) === copy) copies.delete(copy.id);
          if (!(error instanceof BlobFault) || error.code !== 'BLOB_REPLACED' || tries >= COPY_TRIES_MAX) throw error;
        }
      }
    },
    async [Symbol.asyncDispose]() {
      isClosed = true;
      await dropUnused();
    },
  };
}

function isFull(error: unknown): boolean {
  return error instanceof BlobFault && error.code === 'BLOB_NO_SPACE';
}
