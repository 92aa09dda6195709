import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from 'fast-check';

import {
  decideArtwork,
  decideCreate,
  decideDescribe,
  decidePlace,
  decidePreparation,
  decidePublish,
  decideRemove,
  decideWindows,
  type Decision,
} from './decisions.ts';
import { foldTitle, playedEdition, type TitleRecord } from './title.ts';

const NOTHING: Decision = { kind: 'events', events: [] };
const DESCRIPTION = { name: 'N', synopsis: '', year: 0, credit: '', licence: '', sourceUrl: '' };
const edition = (editionId: string, complete: boolean) => ({
  editionId,
  complete,
  durationMs: 1,
  rungHeights: [240],
  audioLanguages: [],
  textLanguages: [],
});

function apply(record: TitleRecord | null, decision: Decision): TitleRecord | null {
  if (decision.kind === 'refused') return record;
  return decision.events.reduce<TitleRecord | null>((folded, event) => foldTitle('t', folded, event), record);
}

describe('the edition that is played', () => {
  it('is the newest complete one, and until there is one the newest', () => {
    let record = apply(null, decideCreate(null, DESCRIPTION, 5));
    const publish = (id: string, complete: boolean): string | undefined => {
      record = apply(record, decidePublish(record, edition(id, complete)));
      return record === null ? undefined : playedEdition(record)?.editionId;
    };
    assert.equal(record === null ? undefined : playedEdition(record), null);
    assert.equal(publish('a', false), 'a');
    assert.equal(publish('b', false), 'b');
    assert.equal(publish('c', true), 'c');
    assert.equal(publish('d', false), 'c');
    assert.equal(publish('e', true), 'e');
  });
});

describe('a title under any commands', () => {
  const command = fc.oneof(
    fc.constant((record: TitleRecord | null) => decideCreate(record, DESCRIPTION, 1)),
    fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.boolean()).map(
      ([id, complete]) =>
        (record: TitleRecord | null) =>
          decidePublish(record, edition(id, complete)),
    ),
    fc.constantFrom('', 'broken').map((failure) => (record: TitleRecord | null) => decidePreparation(record, failure)),
    fc.constantFrom('1.jpg', '2.jpg').map((poster) => (record: TitleRecord | null) => decideArtwork(record, { poster })),
    fc
      .option(fc.nat(3))
      .map(
        (fromMs) => (record: TitleRecord | null) => decideWindows(record, fromMs === null ? null : [{ country: '*', fromMs, untilMs: 0 }]),
      ),
    fc.constantFrom('N', 'M').map((name) => (record: TitleRecord | null) => decideDescribe(record, { name, maturity: 6 })),
    fc
      .option(fc.nat(2))
      .map((number) => (record: TitleRecord | null) => decidePlace(record, number === null ? null : { seasonId: 's', number })),
    fc.constant(decideRemove),
  );

  it('does nothing the second time, counts its events, and stays removed', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 30 }), (commands) => {
        let record = apply(null, NOTHING);
        for (const decide of commands) {
          const before = record;
          const decision = decide(record);
          record = apply(record, decision);
          const again = decide(record);
          if (decision.kind === 'events') assert.ok(again.kind === 'refused' ? again.because === 'removed' : again.events.length === 0);
          const added = decision.kind === 'events' ? decision.events.length : 0;
          assert.equal(record?.version ?? 0, (before?.version ?? 0) + added);
          if (before?.removed === true) assert.equal(record, before);
          if (record !== null) assert.equal(new Set(record.editions.map(({ editionId }) => editionId)).size, record.editions.length);
        }
      }),
    );
  });
});
