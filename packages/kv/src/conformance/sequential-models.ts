import type { Appended, Register, RegisterCreated, RegisterSet } from '../port.ts';
import { utf8 } from '../text.ts';
import type { Sequential } from './linearizability.ts';

export type Value = { readonly text: string; readonly version: number };
/** `result: null`: no answer came. */
export type RegisterDid =
  | { readonly kind: 'read'; readonly saw: Value | null }
  | { readonly kind: 'create'; readonly text: string; readonly result: RegisterCreated | null }
  | { readonly kind: 'set'; readonly expected: number; readonly text: string; readonly result: RegisterSet | null };

export type StreamDid =
  | { readonly kind: 'append'; readonly expected: number; readonly text: string; readonly result: Appended | null }
  | { readonly kind: 'read'; readonly saw: string };

/** A register as one caller at a time sees it. In a box, because null as a state would mean "impossible". */
export const registerModel: Sequential<{ readonly current: Value | null }, RegisterDid> = {
  initial: { current: null },
  key: ({ current }) => (current === null ? '' : `${current.version}:${current.text}`),
  apply(state, did) {
    const { current } = state;
    if (did.kind === 'read') return same(did.saw, current) ? state : null;
    if (did.kind === 'create') {
      if (did.result === null) return current === null ? { current: { text: did.text, version: 1 } } : null;
      if (did.result.kind === 'exists') return same(valueOf(did.result.current), current) ? state : null;
      return current === null ? { current: { text: did.text, version: did.result.version } } : null;
    }
    if (did.result === null) return current?.version === did.expected ? { current: { text: did.text, version: did.expected + 1 } } : null;
    if (did.result.kind === 'conflict') {
      return current?.version !== did.expected && same(valueOf(did.result.current), current) ? state : null;
    }
    const fits = current?.version === did.expected && did.result.version === did.expected + 1;
    return fits ? { current: { text: did.text, version: did.result.version } } : null;
  },
};

/** A stream as one caller at a time sees it: its events joined by blanks. */
export const streamModel: Sequential<string, StreamDid> = {
  initial: '',
  key: (state) => state,
  apply(state, did) {
    if (did.kind === 'read') return did.saw === state ? state : null;
    const version = state.length === 0 ? 0 : state.split(' ').length;
    const appended = version === 0 ? did.text : `${state} ${did.text}`;
    if (did.result === null) return did.expected === version ? appended : null;
    if (did.result.kind === 'conflict') return did.expected !== version && did.result.version === version ? state : null;
    return did.expected === version && did.result.version === version + 1 ? appended : null;
  },
};

export function valueOf(current: Register | null): Value | null {
  return current === null ? null : { text: utf8(current.value), version: current.version };
}

function same(a: Value | null, b: Value | null): boolean {
  return a?.version === b?.version && a?.text === b?.text;
}
