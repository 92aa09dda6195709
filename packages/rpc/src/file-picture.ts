import { readFile } from 'node:fs/promises';
import type { Logger } from '@bioscope/telemetry';
import { UNIT_NAME } from './keys.ts';
import { createPicture } from './picture.ts';
import type { DiscoveryView, Instance } from './picture.ts';

export type FilePicture = DiscoveryView & { close(): void };

/** As fresh as a lease would make it. */
const CHECK_EVERY_MS = 2_000;
/** 10,000 instances, generously. */
const FILE_CHARACTERS_MAX = 4 * 1024 * 1024;
const PLACE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const ADDRESS = /^(?:\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9.-]{1,253}):\d{1,5}$/;

/**
 * Who runs where, from a file that something else writes: a JSON list of `{ "service", "address" }`, with `zone` and `region` if there are several. It is read
 * again when it changes. Throws when it cannot be read at the start; later a file that is missing or wrong leaves the picture as it was, with a warning. Write
 * a new file and rename it: a half-written one is such a file.
 */
export async function openFilePicture({
  path,
  log,
  checkEveryMs = CHECK_EVERY_MS,
}: {
  path: string;
  log: Logger;
  checkEveryMs?: number;
}): Promise<FilePicture> {
  const picture = createPicture();
  let last = await readFile(path, 'utf8');
  picture.replace(parseInstances(last));
  let warned = '';
  let checking = Promise.resolve();

  async function check(): Promise<void> {
    try {
      const text = await readFile(path, 'utf8');
      if (text === last) return;
      picture.replace(parseInstances(text));
      last = text;
      warned = '';
    } catch (fault) {
      const because = fault instanceof Error ? fault.message : String(fault);
      if (because !== warned) log.warn({ path, err: fault }, 'the file of instances cannot be used; going on with the last picture');
      warned = because;
    }
  }

  const timer = setInterval(() => {
    // One after the other, or an older text might be read last.
    checking = checking.then(check);
  }, checkEveryMs);
  timer.unref();
  return { ...picture, close: () => clearInterval(timer) };
}

/** Throws with the number of the entry, the field and what is wrong with it. */
export function parseInstances(text: string): readonly Instance[] {
  if (text.length > FILE_CHARACTERS_MAX) throw new Error(`the file of instances is larger than ${FILE_CHARACTERS_MAX} characters`);
  const entries: unknown = JSON.parse(text);
  if (!Array.isArray(entries)) throw new Error('the file of instances must be a JSON list');
  return entries.map((entry: unknown, n) => {
    const at = `instance ${n + 1}`;
    const field = (name: string, form: RegExp, fallback?: string): string => {
      const value: unknown = typeof entry === 'object' && entry !== null ? Reflect.get(entry, name) : undefined;
      if (value === undefined && fallback !== undefined) return fallback;
      if (typeof value !== 'string' || !form.test(value))
        throw new Error(`${at}: ${name} must match ${form.source}, and is ${JSON.stringify(value)}`);
      return value;
    };
    const address = field('address', ADDRESS);
    const place = { zone: field('zone', PLACE, ''), region: field('region', PLACE, '') };
    return { service: field('service', UNIT_NAME), instanceId: address, address, load: 0, ...place };
  });
}
