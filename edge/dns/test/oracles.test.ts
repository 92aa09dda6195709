import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TYPE } from '../src/wire/numbers.ts';
import { ask, isMissing, ORACLES, startOracle } from './oracle.ts';
import type { Asked } from './query-packet.ts';
import type { ReadAnswer, ReadRecord } from './read-message.ts';
import { startTestServer } from './running-server.ts';
import { ORIGIN, STEERED, ZONE_FILE } from './test-zone.ts';

/** What steering answers to 127.0.0.1, written as plain records. */
const ORACLE_ZONE = `${ZONE_FILE}\n${STEERED.map((name) => `${name} 30 A 198.51.100.1`).join('\n')}\n`;
const UNKNOWN_OPCODE = 3 << 11;

/** `@` is the zone itself. */
const NAMES =
  '@ ns1 ns2 mail www old away gone app play svc svc2 a.b.c b.c c x.c wild x.wild x.y.wild *.wild sub.wild x.sub.wild deep.sub.wild static odd _sip._tcp _tcp child x.child ns1.child many nowhere x.nowhere StAtIc'.split(
    ' ',
  );
const TYPES = [
  TYPE.A,
  TYPE.NS,
  TYPE.CNAME,
  TYPE.SOA,
  TYPE.MX,
  TYPE.TXT,
  TYPE.AAAA,
  TYPE.SRV,
  TYPE.DS,
  TYPE.SVCB,
  TYPE.HTTPS,
  TYPE.CAA,
  65_400,
];

describe('beside other name servers with the same zone', () => {
  for (const oracle of ORACLES) {
    it(
      `says what ${oracle.name} says: ${NAMES.length} names and ${TYPES.length} types, and odd queries`,
      { skip: isMissing(oracle) },
      async (test) => {
        const ours = await startTestServer(test);
        const theirs = await startOracle(test, oracle, ORACLE_ZONE);
        const asked: Asked[] = NAMES.flatMap((name) =>
          TYPES.map((type) => ({ name: name === '@' ? ORIGIN : `${name}.${ORIGIN}`, type, edns: {} })),
        );
        asked.push(
          { name: 'example.org' },
          { name: 'test' },
          { flags: UNKNOWN_OPCODE },
          { edns: { version: 3 } },
          { name: `many.${ORIGIN}` },
        );
        let compared = 0;
        for (const each of asked) {
          const [our, their] = await Promise.all([ask(ours.port, each), ask(theirs, each)]);
          assert.deepEqual(essence(our, each), essence(their, each), `${String(each.name)} type ${each.type ?? 1}`);
          compared += 1;
        }
        assert.equal(compared, NAMES.length * TYPES.length + 5);
      },
    );
  }
});

/** Order within a set is free, and additional records are a courtesy; the rest is to be the same. */
function essence(answer: ReadAnswer, asked: Asked): object {
  const { rcode, flags, answers, authorities, edns } = answer;
  if (asked.flags === UNKNOWN_OPCODE) return { rcode, opcode: answer.opcode };
  return { rcode, aa: flags.aa, tc: flags.tc, ednsVersion: edns?.version, answers: sorted(answers), authorities: sorted(authorities) };
}

function sorted(records: readonly ReadRecord[]): string[] {
  return records.map(({ name, type, ttl, data }) => `${name} ${ttl} ${type} ${data}`).sort();
}
