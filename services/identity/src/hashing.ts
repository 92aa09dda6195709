import { argon2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

/** Passwords and PINs, hashed with argon2id. */
export type Hashing = {
  /** Rejects with `HashingBusy` when too many wait. */
  hash(text: string): Promise<string>;
  /** False for a wrong text. Null, where there is no account, takes as long as a wrong text and is false. */
  verify(text: string, hash: string | null): Promise<boolean>;
};

export class HashingBusy extends Error {
  override readonly name = 'HashingBusy';
}

/** OWASP's minimum for argon2id: 19 MiB, two passes, one lane. */
const COST = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 } as const;
const SALT_BYTES = 16;
/** Each takes a thread and 19 MiB; libuv has four threads, which files and names need too. */
const PARALLEL_MAX = 2;
/** At some 50 ms each, the last of them waits for 2 to 3 s: longer would be given up by who asked. */
const WAITING_MAX = 100;
/** What an older setting may have been; a stored hash of another shape is damaged. */
const FORMAT = /^\$argon2id\$v=19\$m=(\d{1,6}),t=(\d{1,2}),p=(\d)\$([A-Za-z0-9+/]{22,64})\$([A-Za-z0-9+/]{43})$/;

const derive = promisify(argon2);

export function openHashing({
  random,
  parallelMax = PARALLEL_MAX,
  waitingMax = WAITING_MAX,
}: {
  random: (bytes: number) => Buffer;
  parallelMax?: number;
  waitingMax?: number;
}): Hashing {
  const turns = inTurns(parallelMax, waitingMax);
  // Any salt will do: nothing hashes to the tag below.
  const nobody = write(COST, random(SALT_BYTES), Buffer.alloc(COST.tagLength));

  return {
    async hash(text) {
      const salt = random(SALT_BYTES);
      return write(COST, salt, await turns(() => derive('argon2id', { message: text, nonce: salt, ...COST })));
    },
    async verify(text, hash) {
      const { cost, salt, tag } = read(hash ?? nobody);
      const derived = await turns(() => derive('argon2id', { message: text, nonce: salt, ...cost }));
      return timingSafeEqual(derived, tag) && hash !== null;
    },
  };
}

type Cost = { readonly memory: number; readonly passes: number; readonly parallelism: number; readonly tagLength: number };

/** The PHC string format: https://github.com/P-H-C/phc-string-format/blob/master/phc-sf-spec.md */
function write({ memory, passes, parallelism }: Cost, salt: Buffer, tag: Buffer): string {
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(salt)}$${base64(tag)}`;
}

function read(text: string): { readonly cost: Cost; readonly salt: Buffer; readonly tag: Buffer } {
  const [, memory, passes, parallelism, salt = '', tag = ''] = FORMAT.exec(text) ?? [];
  if (tag === '') throw new TypeError('a stored hash is not in the form in which hashes are stored');
  const cost = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism), tagLength: COST.tagLength };
  return { cost, salt: Buffer.from(salt, 'base64'), tag: Buffer.from(tag, 'base64') };
}

function base64(data: Buffer): string {
  return data.toString('base64').replace(/=+$/, '');
}

/** Runs at most `parallelMax` at once, first come first served; turns away whom `waitingMax` already wait before. */
function inTurns(parallelMax: number, waitingMax: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= parallelMax) {
      if (waiting.length >= waitingMax) throw new HashingBusy('too many passwords wait to be checked');
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      // The turn passes on as it is: nobody else may slip in between.
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
