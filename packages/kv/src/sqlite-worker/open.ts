import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { KvFault, type KvCallOptions } from '../port.ts';
import { type Channel, startThread, type Thread } from './channel.ts';
import type { Packer, Unpacker } from './packing.ts';

export type SqliteFileOptions = {
  /** Made when missing, readable by its owner only. */
  readonly folder: string;
  readonly fileName: string;
  /** The module that exports `program`. */
  readonly program: URL;
  /** True: a second process (or store) on the same file is refused. */
  readonly exclusive: boolean;
  readonly clock: () => number;
  readonly bytesMax?: number;
  readonly onNotice: (notice: Unpacker) => void;
};

export type SqliteFile = {
  /** Runs in the writer thread; resolves after the commit is on disk. */
  write<T>(request: FileRequest<T>): Promise<T>;
  /** Runs in the reader thread; sees every write answered before. */
  read<T>(request: FileRequest<T>): Promise<T>;
  close(): Promise<void>;
};

export type FileRequest<T> = {
  readonly operation: number;
  /** About how many bytes `pack` writes; matters only when large. */
  readonly bytes?: number;
  readonly options?: KvCallOptions | undefined;
  readonly pack: (packer: Packer) => void;
  readonly decode: (answer: Unpacker) => T;
};

/** Opens a SQLite file behind two threads: one that writes with group commit, one that reads without waiting for it. */
export async function openSqliteFile(options: SqliteFileOptions): Promise<SqliteFile> {
  await makeFolder(options.folder);
  const file = path.join(options.folder, options.fileName);
  const data = {
    program: options.program.href,
    file: { path: file, bytesMax: options.bytesMax ?? null, lockPath: options.exclusive ? `${file}.lock` : null },
  };
  const { writer, reader } = await openBoth(
    startThread({ ...data, mode: 'write' }),
    startThread({ ...data, mode: 'read' }),
    options.onNotice,
  );
  const send = <T>(channel: Channel, request: FileRequest<T>): Promise<T> =>
    channel.call({
      operation: request.operation,
      nowMs: options.clock(),
      bytes: request.bytes ?? 0,
      options: request.options,
      pack: request.pack,
      decode: request.decode,
    });
  return {
    write: (request) => send(writer, request),
    read: (request) => send(reader, request),
    async close() {
      writer.refuse();
      // The reader first: the last connection to close folds SQLite's log into the file, and a reader may not write.
      await reader.close();
      await writer.close();
    },
  };
}

/** The writer first: it locks the file and brings it to the schema that the reader's statements need. */
async function openBoth(
  writing: Thread,
  reading: Thread,
  onNotice: (notice: Unpacker) => void,
): Promise<{ writer: Channel; reader: Channel }> {
  const writer = await writing.open(onNotice).catch(async (error: unknown) => {
    await reading.abandon();
    throw error;
  });
  const reader = await reading.open(onNotice).catch(async (error: unknown) => {
    await writer.close();
    throw error;
  });
  return { writer, reader };
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new KvFault('KV_UNAVAILABLE', `cannot make the folder ${folder}`, { cause });
  }
}
