import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { DataStore, Upload } from '@tus/utils';
import { sniff, SNIFF_BYTES } from '../media/index.ts';
import { refusal } from './refusals.ts';
import type { UploadFiles } from './upload-files.ts';

/** How much may be written before it is synced: the most that a power cut can take from a long PATCH. */
const SYNC_EVERY_BYTES = 16 * 1024 * 1024;

/**
 * Where `@tus/server` keeps uploads. Not `@tus/file-store`: that acknowledges bytes before they are on the disk, deletes finished uploads that look
 * unfinished, and has no place to look at the first bytes.
 */
export class TusStore extends DataStore {
  readonly #files: UploadFiles;
  readonly #keptMs: number;

  constructor(files: UploadFiles, keptMs: number) {
    super();
    this.#files = files;
    this.#keptMs = keptMs;
    this.extensions = ['creation', 'creation-with-upload', 'termination', 'expiration'];
  }

  override async create(upload: Upload): Promise<Upload> {
    await this.#files.make({ id: upload.id, bytes: upload.size ?? 0, createdAtMs: Date.now() });
    return upload;
  }

  override async getUpload(id: string): Promise<Upload> {
    const found = await this.#files.find(id);
    if (found === null) throw refusal(404, 'not_found', 'There is no such upload: it was imported, expired, or never begun.');
    return new Upload({ id, size: found.bytes, offset: found.offset, creation_date: new Date(found.createdAtMs).toISOString() });
  }

  /** Resolves with the new offset once all bytes up to it are on the disk. What came before the sender broke off is kept too. */
  override async write(stream: Readable, id: string, offset: number): Promise<number> {
    await using file = await open(this.#files.dataPath(id), 'r+');
    let at = offset;
    let synced = offset;
    try {
      for await (const chunk of stream) {
        const piece = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk);
        await file.write(piece, 0, piece.length, at);
        const wasShort = at < SNIFF_BYTES;
        at += piece.length;
        if (wasShort && at >= SNIFF_BYTES) await this.#refuseWhatIsNoFilm(id);
        if (at - synced >= SYNC_EVERY_BYTES) {
          await file.datasync();
          synced = at;
        }
      }
    } catch (error) {
      throw asRefusal(error);
    } finally {
      await file.sync().catch(() => undefined);
    }
    await file.sync();
    const { bytes } = (await this.#files.find(id)) ?? { bytes: -1 };
    if (at === bytes && at < SNIFF_BYTES) await this.#refuseWhatIsNoFilm(id);
    return at;
  }

  async #refuseWhatIsNoFilm(id: string): Promise<void> {
    await using file = await open(this.#files.dataPath(id), 'r');
    const first = Buffer.alloc(SNIFF_BYTES);
    const { bytesRead } = await file.read(first, 0, SNIFF_BYTES, 0);
    const sniffed = sniff(first.subarray(0, bytesRead));
    if (sniffed.kind === 'film') return;
    await this.#files.remove(id);
    throw refusal(422, sniffed.refusal.code, sniffed.refusal.message);
  }

  override async remove(id: string): Promise<void> {
    await this.#files.remove(id);
  }

  override async declareUploadLength(): Promise<void> {
    throw refusal(400, 'invalid_argument', 'The length of an upload must be told when it begins.');
  }

  /** Expired uploads are swept by the studio, which knows which are imported. */
  override async deleteExpired(): Promise<number> {
    return 0;
  }

  override getExpiration(): number {
    return this.#keptMs;
  }
}

function asRefusal(error: unknown): unknown {
  const isFull = error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
  return isFull ? refusal(507, 'no_space', 'The disk of the service is full. Make room and go on; nothing that arrived is lost.') : error;
}
