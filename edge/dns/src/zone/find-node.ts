import type { Query } from '../wire/query.ts';
import { TYPE } from '../wire/numbers.ts';
import type { Zone, ZoneNode } from './zone.ts';

/** Where a name leads. `via`: exactly, by a wildcard (the owner is then the asked name), at a cut, or nowhere (the name does not exist). */
export type Found = { via: 'name' | 'wildcard' | 'cut' | 'nothing' | 'outside'; node: ZoneNode | undefined };

type AskedName = Pick<Query, 'name' | 'nameLength' | 'labels' | 'labelAt' | 'type'>;

/** RFC 1034 4.3.2 and RFC 4592 for one zone. Writes into `found`, which is one object used again and again. */
export function findNode(zone: Zone, asked: AskedName, found: Found): void {
  const { name, nameLength, labels, labelAt } = asked;
  const below = labels - zone.originLabels;
  found.node = undefined;
  if (below < 0 || zone.nodes.find(name, labelAt[below] ?? 0, nameLength) !== zone.apex) {
    found.via = 'outside';
    return;
  }
  if (zone.hasCuts) {
    for (let label = below - 1; label >= 0; label -= 1) {
      const node = zone.nodes.find(name, labelAt[label] ?? 0, nameLength);
      if (node === undefined) break;
      // DS belongs to the parent's side of the cut (RFC 4035 3.1.4.1).
      if (!node.isCut || (label === 0 && asked.type === TYPE.DS)) continue;
      found.via = 'cut';
      found.node = node;
      return;
    }
  }
  for (let label = 0; label <= below; label += 1) {
    const node = zone.nodes.find(name, labelAt[label] ?? 0, nameLength);
    if (node === undefined) continue;
    // The closest name that exists: only its own `*` counts.
    found.node = label === 0 ? node : node.wildcard;
    found.via = label === 0 ? 'name' : node.wildcard === undefined ? 'nothing' : 'wildcard';
    return;
  }
}
