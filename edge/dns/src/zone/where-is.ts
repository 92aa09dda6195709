import { LABELS_MAX } from '../wire/numbers.ts';
import { findNode } from './find-node.ts';
import type { Found } from './find-node.ts';
import type { Zone } from './zone.ts';

/** `findNode` for a name by itself, outside of any query; makes garbage. */
export function whereIs(zone: Zone, name: Uint8Array): Found {
  const labelAt = new Uint8Array(LABELS_MAX + 1);
  let labels = 0;
  let at = 0;
  for (; (name[at] ?? 0) !== 0; at += 1 + (name[at] ?? 0)) labelAt[labels++] = at;
  labelAt[labels] = at;
  const found: Found = { via: 'nothing', node: undefined };
  findNode(zone, { name, nameLength: name.length, labels, labelAt, type: 0 }, found);
  return found;
}
