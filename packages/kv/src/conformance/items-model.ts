import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { WriteToken } from '../port.ts';
import { bytes } from '../text.ts';
import { type KvCheck, thorough } from './check.ts';
import { putTexts, texts, tokenAt } from './samples.ts';

type Command =
  | { readonly kind: 'put'; readonly keys: readonly string[]; readonly token: WriteToken }
  | { readonly kind: 'delete'; readonly range: { readonly from: string; readonly to: string }; readonly token: WriteToken }
  | { readonly kind: 'delete-keys'; readonly keys: readonly string[]; readonly token: WriteToken };

const KEYS = ['', 'a', 'ab', 'b', '\u007f', '\u00ff'];
const keys = fc.uniqueArray(fc.constantFrom(...KEYS), { minLength: 1, maxLength: 3 });
const nonce = fc.constantFrom('1', 'a', 'f');
// Puts at even times and deletions at odd ones: the port leaves open who wins when both carry the same token.
const putToken = fc.tuple(fc.integer({ min: 1, max: 9 }), nonce).map(([time, text]) => tokenAt(time * 2, text));
const deleteToken = fc.tuple(fc.integer({ min: 1, max: 9 }), nonce).map(([time, text]) => tokenAt(time * 2 + 1, text));
const range = fc
  .uniqueArray(fc.constantFrom(...KEYS), { minLength: 2, maxLength: 2 })
  .map((ends) => ends.toSorted((a, b) => Buffer.compare(bytes(a), bytes(b))))
  .map(([from = '', to = '']) => ({ from, to }));
const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ kind: fc.constant('put' as const), keys, token: putToken }),
  fc.record({ kind: fc.constant('delete' as const), range, token: deleteToken }),
  fc.record({ kind: fc.constant('delete-keys' as const), keys, token: deleteToken }),
);

export const itemModelChecks: readonly KvCheck[] = [
  {
    name: 'ends in the state that the tokens dictate, in whatever order writes arrive and however often',
    async run({ store, namespace, seed }) {
      let record = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(command, { minLength: 1, maxLength: 20 }), async (commands) => {
          record += 1;
          for (const one of commands) await send(one, `r${record}`);
          assert.deepEqual(await texts(store(), namespace, `r${record}`), modelled(commands));
        }),
        { seed, numRuns: thorough ? 500 : 40, endOnFailure: true },
      );

      async function send(one: Command, into: string): Promise<void> {
        const { token } = one;
        if (one.kind === 'put')
          return putTexts(store(), namespace, into, Object.fromEntries(one.keys.map((key) => [key, valueOf(token)])), token);
        const select =
          one.kind === 'delete'
            ? ({ kind: 'range', from: bytes(one.range.from), to: bytes(one.range.to) } as const)
            : ({ kind: 'keys', keys: one.keys.map((key) => bytes(key)) } as const);
        return store().items.delete({ namespace, record: into, select, token });
      }
    },
  },
];

/** The whole truth in a few lines: for each key the write with the greatest token decides. */
function modelled(commands: readonly Command[]): Record<string, string> {
  const state: Record<string, string> = {};
  for (const key of KEYS) {
    const latest = commands
      .filter((one) => touches(one, key))
      .toSorted((a, b) => (valueOf(a.token) < valueOf(b.token) ? -1 : 1))
      .at(-1);
    if (latest?.kind === 'put') state[key] = valueOf(latest.token);
  }
  return state;
}

function touches(one: Command, key: string): boolean {
  if (one.kind !== 'delete') return one.keys.includes(key);
  return Buffer.compare(bytes(key), bytes(one.range.from)) >= 0 && Buffer.compare(bytes(key), bytes(one.range.to)) < 0;
}

/** Orders as tokens do, and tells puts with different tokens apart. */
function valueOf(token: WriteToken): string {
  return `${String(token.timeUs).padStart(4, '0')}.${token.nonce}`;
}
