import type { ClientNetwork, SteeredAnswer } from '../steer/port.ts';
import { RCODE, TYPE } from '../wire/numbers.ts';
import { writeBytes } from '../wire/packet-writer.ts';
import type { PacketWriter } from '../wire/packet-writer.ts';
import type { Query } from '../wire/query.ts';
import type { ZoneNode } from '../zone/zone.ts';
import { findNode } from '../zone/find-node.ts';
import type { Found } from '../zone/find-node.ts';
import { composeAnswer, isSteeredType } from './compose-answer.ts';
import type { Composing } from './compose-answer.ts';
import type { AnswerFacts } from './answer-facts.ts';

/** Composes answers, and keeps what it composed for names of the zone, so that the next asker gets a copy of the bytes. */
export type KeptAnswers = {
  /** As `composeAnswer`. */
  write(query: Query, client: ClientNetwork, writer: PacketWriter, facts: AnswerFacts): void;
};

/** Different answers of one steered name; steering has as many keys as it has ways to mix regions. When there are more, all are composed anew. */
const STEERED_KEPT_MAX = 4_096;

type Kept = {
  readonly bytes: Uint8Array;
  readonly answers: number;
  readonly authorities: number;
  readonly additionals: number;
  readonly additionalBytes: number;
};
/** By type, and where steering decides by its key: what is kept of one name. Only types that the name has, so outsiders cannot make it grow. */
type KeptOfNode = { readonly byType: Map<number, Kept>; readonly a: Map<string, Kept>; readonly aaaa: Map<string, Kept> };

/** The bytes can be copied as they are: they follow a question whose name, and so its length, is the same whenever the node is. */
export function createKeptAnswers(composing: Composing): KeptAnswers {
  const nodes = new Map<ZoneNode, KeptOfNode>();
  const found: Found = { via: 'nothing', node: undefined };
  let steered: SteeredAnswer | null = null;
  // Asked once per query, also when it has to be composed: two calls might give two answers.
  const withThisAnswer: Composing = { zone: composing.zone, steering: { ...composing.steering, answer: () => steered as SteeredAnswer } };

  function keptOf(node: ZoneNode): KeptOfNode {
    let kept = nodes.get(node);
    if (kept === undefined) nodes.set(node, (kept = { byType: new Map(), a: new Map(), aaaa: new Map() }));
    return kept;
  }
  return {
    write(query, client, writer, facts) {
      findNode(composing.zone, query, found);
      const node = found.via === 'name' ? found.node : undefined;
      if (node === undefined || node.sets.has(TYPE.CNAME)) {
        composeAnswer(composing, query, client, writer, facts);
        return;
      }
      let kept: Kept | undefined;
      if (isSteeredType(node, query.type)) {
        steered = composing.steering.answer(node.steered, client);
        kept = (query.type === TYPE.A ? keptOf(node).a : keptOf(node).aaaa).get(steered.key);
        facts.scopePrefix = steered.scopePrefix;
      } else {
        kept = keptOf(node).byType.get(query.type);
      }
      if (kept !== undefined) {
        copy(kept, writer, facts);
        facts.ownerHash = node.hash;
        return;
      }
      const from = writer.at;
      composeAnswer(isSteeredType(node, query.type) ? withThisAnswer : composing, query, client, writer, facts);
      if (!writer.isFull && facts.rcode === RCODE.NOERROR) keep(keptOf(node), node, query.type, steered, taken(writer, from, facts));
    },
  };
}

function keep(of: KeptOfNode, node: ZoneNode, type: number, steered: SteeredAnswer | null, kept: Kept): void {
  if (isSteeredType(node, type)) {
    const answers = type === TYPE.A ? of.a : of.aaaa;
    if (answers.size >= STEERED_KEPT_MAX) answers.clear();
    if (steered !== null) answers.set(steered.key, kept);
  } else if (node.sets.has(type)) {
    of.byType.set(type, kept);
  }
}

function taken(writer: PacketWriter, from: number, facts: AnswerFacts): Kept {
  return {
    bytes: writer.bytes.slice(from, writer.at),
    answers: facts.answers,
    authorities: facts.authorities,
    additionals: facts.additionals,
    additionalBytes: facts.additionalAt === 0 ? 0 : writer.at - facts.additionalAt,
  };
}

function copy(kept: Kept, writer: PacketWriter, facts: AnswerFacts): void {
  facts.isAuthoritative = true;
  facts.answers = kept.answers;
  facts.authorities = kept.authorities;
  facts.additionals = kept.additionals;
  const fitting = writer.end - writer.at < kept.bytes.length ? kept.bytes.length - kept.additionalBytes : kept.bytes.length;
  writeBytes(writer, fitting === kept.bytes.length ? kept.bytes : kept.bytes.subarray(0, fitting));
  if (writer.isFull) return;
  facts.additionalAt = writer.at - (fitting === kept.bytes.length ? kept.additionalBytes : 0);
  if (fitting !== kept.bytes.length) facts.additionals = 0;
}
