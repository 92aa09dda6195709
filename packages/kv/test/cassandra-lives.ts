import { bytes } from '../src/text.ts';

type Common = { readonly namespace: string; readonly expectedVersion: number; readonly commandId: string };
export type Step =
  | { readonly kind: 'append'; readonly text: string; readonly request: Common & { readonly stream: string } }
  | { readonly kind: 'set'; readonly text: string; readonly request: Common & { readonly name: string } }
  | {
      readonly kind: 'put';
      readonly text: string;
      readonly request: {
        readonly namespace: string;
        readonly record: string;
        readonly items: readonly { key: Uint8Array; value: Uint8Array }[];
        readonly token: { readonly timeUs: number; readonly nonce: string };
      };
    };

export const LIVES = 'lives';

/** What a process does in its n-th round: known to its parent too, who can so send again what it was doing when it was killed. */
export function lifeOf(life: number, next: number): readonly Step[] {
  const text = `${life}.${next}`;
  const common = { namespace: LIVES, expectedVersion: next - 1, commandId: `command ${text}` };
  return [
    { kind: 'append', text, request: { ...common, stream: `stream ${life}` } },
    { kind: 'set', text, request: { ...common, name: `register ${life}` } },
    {
      kind: 'put',
      text,
      request: {
        namespace: LIVES,
        record: `record ${life}`,
        items: [{ key: bytes(String(next).padStart(6, '0')), value: bytes(text) }],
        token: { timeUs: next, nonce: '0'.repeat(32) },
      },
    },
  ];
}
