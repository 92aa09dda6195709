import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createCookies } from '../src/protect/cookies.ts';
import { createResponder } from '../src/respond.ts';
import type { Transport } from '../src/respond.ts';
import { CLASS_IN, OPTION, RCODE, TCP_BYTES_MAX, TYPE, UDP_BYTES_MAX } from '../src/wire/numbers.ts';
import { clientSubnet, queryPacket } from './query-packet.ts';
import type { Asked } from './query-packet.ts';
import { readMessage } from './read-message.ts';
import type { ReadAnswer } from './read-message.ts';
import { testSteering, testZone } from './test-zone.ts';

const NOW_SECONDS = 1_800_000_000;
const CLIENT = Uint8Array.from([192, 0, 2, 200]);
const SECRET = Uint8Array.from({ length: 16 }, (_, i) => i);

const responder = createResponder({
  zone: testZone(),
  steering: testSteering(),
  cookies: createCookies([SECRET]),
  serverId: Buffer.from('ns-a'),
});

function raw(packet: Uint8Array, transport: Transport = 'udp', client = CLIENT): Uint8Array {
  const out = new Uint8Array(transport === 'udp' ? UDP_BYTES_MAX : TCP_BYTES_MAX);
  return out.slice(0, responder.respond(packet, client, transport, NOW_SECONDS, out));
}

function ask(asked: Asked, transport: Transport = 'udp'): ReadAnswer {
  return readMessage(raw(queryPacket(asked), transport));
}

const EDNS = {};
const types = (records: ReadAnswer['answers']): number[] => records.map((record) => record.type);
const soaOnly = (answer: ReadAnswer): void => {
  assert.deepEqual(types(answer.answers), []);
  assert.deepEqual(types(answer.authorities), [TYPE.SOA]);
};

/** Each case: the RFC and section, what it asks for, and the proof. */
function rfc(section: string, what: string, check: () => void): void {
  it(`RFC ${section}: ${what}`, check);
}

describe('what a correct authoritative server does', () => {
  rfc('1034 4.3.2', 'a name with data is answered with authority, the question repeated', () => {
    const answer = ask({ name: 'static.bioscope.test' });
    assert.deepEqual([answer.rcode, answer.flags.aa, answer.question?.type], [RCODE.NOERROR, true, TYPE.A]);
    assert.deepEqual(
      answer.answers.map((each) => each.data),
      ['c000020a', 'c000020b'],
    );
  });

  rfc('1034 4.3.2', 'aliases are followed inside the zone, to steered addresses too', () => {
    const answer = ask({ name: 'old.bioscope.test' });
    assert.deepEqual(types(answer.answers), [TYPE.CNAME, TYPE.CNAME, TYPE.A]);
    assert.equal(answer.answers[2]?.name, 'app.bioscope.test');
  });

  rfc('1034 4.3.2', 'an alias that leads out of the zone is all that is said', () => {
    const answer = ask({ name: 'away.bioscope.test' });
    assert.deepEqual([types(answer.answers), answer.rcode, answer.authorities.length], [[TYPE.CNAME], RCODE.NOERROR, 0]);
  });

  rfc('1034 3.6.2', 'aliases in a circle end', () => {
    const answer = ask({ name: 'loop1.bioscope.test' });
    assert.ok(answer.answers.length > 1 && answer.answers.length < 20);
  });

  rfc('1034 3.6.2', 'who asks for the alias itself gets only it', () => {
    assert.deepEqual(types(ask({ name: 'www.bioscope.test', type: TYPE.CNAME }).answers), [TYPE.CNAME]);
  });

  rfc('1034 4.2.1', 'below a cut the asker is sent to the child, without authority, with glue', () => {
    const answer = ask({ name: 'x.y.child.bioscope.test' });
    assert.deepEqual([answer.flags.aa, types(answer.answers), types(answer.authorities)], [false, [], [TYPE.NS, TYPE.NS]]);
    assert.deepEqual(
      answer.additionals.map((each) => each.name),
      ['ns1.child.bioscope.test', 'ns2.bioscope.test'],
    );
  });

  rfc('9471 3', 'when the glue at a cut does not fit, TC says so', () => {
    assert.deepEqual(
      [ask({ name: 'x.big.bioscope.test' }).flags.tc, ask({ name: 'x.big.bioscope.test', edns: EDNS }).flags.tc],
      [true, false],
    );
    assert.equal(ask({ name: 'x.big.bioscope.test', edns: EDNS }).additionals.length, 26);
  });

  rfc('4035 3.1.4.1', 'DS at a cut is the parent’s to answer', () => {
    const answer = ask({ name: 'child.bioscope.test', type: TYPE.DS });
    assert.equal(answer.flags.aa, true);
    soaOnly(answer);
  });

  rfc('1035 4.1.1', 'id and RD come back; RA, Z, AD and CD do not', () => {
    const answer = ask({ id: 0xbeef, flags: 0x0170 });
    assert.deepEqual([answer.id, answer.flags.rd, answer.flags.ra, answer.flags.z], [0xbeef, true, false, 0]);
    assert.equal(ask({ flags: 0 }).flags.rd, false);
  });

  rfc('1035 4.1.1', 'answers get no answer, nor does what is shorter than a header', () => {
    assert.equal(raw(queryPacket({ flags: 0x8000 })).length, 0);
    assert.equal(raw(new Uint8Array(11)).length, 0);
  });

  rfc('1035 4.1.4', 'names in NS, MX and SOA are compressed, and read back', () => {
    const bytes = raw(queryPacket({ name: 'bioscope.test', type: TYPE.NS, edns: EDNS }));
    assert.deepEqual(
      readMessage(bytes).answers.map((each) => each.data),
      ['ns1.bioscope.test', 'ns2.bioscope.test'],
    );
    assert.equal(Buffer.from(bytes).toString('latin1').split('bioscope').length, 2);
  });

  rfc('1035 2.3.4', 'labels of 64 bytes, names of 256, pointers in the question are malformed', () => {
    const label = [63, ...Array.from({ length: 63 }, () => 0x61)];
    for (const name of [
      [64, ...Array.from({ length: 64 }, () => 0x61), 0],
      [...label, ...label, ...label, ...label, 0],
      [0xc0, 12],
    ])
      assert.equal(ask({ name: Uint8Array.from(name) }).rcode, RCODE.FORMERR);
  });

  rfc('2181 5.2', 'all records of a set have its TTL', () => {
    assert.equal(new Set(ask({ name: 'many.bioscope.test', edns: EDNS }).answers.map((each) => each.ttl)).size, 1);
  });

  rfc('2181 9', 'what does not fit is cut as a whole, with TC; by TCP it is there', () => {
    const answer = ask({ name: 'many.bioscope.test' });
    assert.deepEqual([answer.flags.tc, answer.answers.length], [true, 0]);
    assert.equal(ask({ name: 'many.bioscope.test' }, 'tcp').answers.length, 60);
  });

  rfc('2308 2.2', 'no data: NOERROR with the SOA, whose TTL is the lesser of its own and its last field', () => {
    const answer = ask({ name: 'static.bioscope.test', type: TYPE.MX });
    assert.deepEqual([answer.rcode, answer.flags.aa], [RCODE.NOERROR, true]);
    soaOnly(answer);
    assert.equal(answer.authorities[0]?.ttl, 30);
    assert.equal(ask({ name: 'bioscope.test', type: TYPE.SOA }).answers[0]?.ttl, 7_200);
  });

  rfc('2308 2.1', 'no such name: NXDOMAIN with the SOA, also behind an alias', () => {
    const answer = ask({ name: 'nowhere.bioscope.test' });
    assert.equal(answer.rcode, RCODE.NXDOMAIN);
    soaOnly(answer);
    const aliased = ask({ name: 'gone.bioscope.test' });
    assert.deepEqual([aliased.rcode, types(aliased.answers), types(aliased.authorities)], [RCODE.NXDOMAIN, [TYPE.CNAME], [TYPE.SOA]]);
  });

  rfc('3597', 'types that nobody knows are served as bytes, and asked for without harm', () => {
    assert.equal(ask({ name: 'odd.bioscope.test', type: 65_400 }).answers[0]?.data, '0a0b0c0d');
    soaOnly(ask({ name: 'odd.bioscope.test', type: 65_401 }));
  });

  rfc('4343', 'letters match whatever their case', () => {
    assert.equal(ask({ name: 'StAtIc.BIOSCOPE.tEsT' }).answers.length, 2);
  });

  rfc('4343 4.1', 'the question comes back in the asker’s letters', () => {
    const packet = queryPacket({ name: 'aPp.BiOsCoPe.TeSt' });
    assert.deepEqual(raw(packet).slice(12, 33), packet.slice(12, 33));
  });

  rfc('4592 2.2.1', 'a wildcard answers for names that do not exist, under the asked name', () => {
    const answer = ask({ name: 'x.y.wild.bioscope.test' });
    assert.deepEqual(
      answer.answers.map((each) => [each.name, each.data]),
      [['x.y.wild.bioscope.test', 'c000024d']],
    );
    soaOnly(ask({ name: 'x.wild.bioscope.test', type: TYPE.MX }));
  });

  rfc('4592 2.2.1', 'it does not reach below a name that exists, empty ones included', () => {
    assert.equal(ask({ name: 'other.sub.wild.bioscope.test' }).rcode, RCODE.NXDOMAIN);
    assert.equal(ask({ name: 'x.deep.sub.wild.bioscope.test' }).rcode, RCODE.NXDOMAIN);
    assert.deepEqual(
      ask({ name: '*.wild.bioscope.test' }).answers.map((each) => each.data),
      ['c000024d'],
    );
  });

  rfc('8020', 'a name that only has names below it exists without data', () => {
    for (const name of ['b.c.bioscope.test', 'c.bioscope.test', 'sub.wild.bioscope.test', '_tcp.bioscope.test']) {
      const answer = ask({ name });
      assert.equal(answer.rcode, RCODE.NOERROR);
      soaOnly(answer);
    }
    assert.equal(ask({ name: 'x.c.bioscope.test' }).rcode, RCODE.NXDOMAIN);
  });

  rfc('6891 6.1.1', 'OPT is answered by OPT, and only then', () => {
    assert.equal(ask({ edns: EDNS }).edns?.bytes, UDP_BYTES_MAX);
    assert.equal(ask({}).edns, undefined);
  });

  rfc('6891 6.1.1', 'two OPT, and OPT elsewhere than at the root, are malformed', () => {
    const opt = [0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0];
    assert.equal(ask({ edns: EDNS, extra: { additionals: 1, bytes: opt } }).rcode, RCODE.FORMERR);
    assert.equal(ask({ extra: { additionals: 1, bytes: [1, 0x61, ...opt] } }).rcode, RCODE.FORMERR);
    assert.equal(ask({ extra: { authorities: 1, bytes: opt } }).rcode, RCODE.FORMERR);
  });

  rfc('6891 6.1.3', 'a later version of EDNS: BADVERS, and ours is 0', () => {
    const answer = ask({ edns: { version: 1 } });
    assert.deepEqual([answer.rcode, answer.edns?.version, answer.answers.length], [RCODE.BADVERS, 0, 0]);
  });

  rfc('6891 6.1.2', 'unknown options are passed over', () => {
    const answer = ask({ edns: { options: [[65_001, [1, 2, 3]]] } });
    assert.deepEqual([answer.rcode, answer.edns?.options.size], [RCODE.NOERROR, 0]);
  });

  rfc('6891 7', 'OPT is there in truncated answers too', () => {
    const answer = ask({ name: 'huge.bioscope.test', type: TYPE.TXT, edns: EDNS });
    assert.deepEqual([answer.flags.tc, answer.edns?.bytes], [true, UDP_BYTES_MAX]);
  });

  rfc('3225 3', 'DO comes back as it was', () => {
    assert.equal(ask({ edns: { dnssecOk: true } }).edns?.dnssecOk, true);
    assert.equal(ask({ edns: EDNS }).edns?.dnssecOk, false);
  });

  rfc('9715', 'no UDP answer over 1232 bytes, whatever the asker would take', () => {
    const packet = queryPacket({ name: 'huge.bioscope.test', type: TYPE.TXT, edns: { bytes: 65_535 } });
    assert.ok(raw(packet).length <= UDP_BYTES_MAX);
    assert.equal(readMessage(raw(packet)).flags.tc, true);
    assert.equal(readMessage(raw(packet, 'tcp')).answers.length, 30);
  });

  rfc('6891 6.2.3', 'no answer is a byte larger than the asker takes, with every option in it', () => {
    const options = [
      [OPTION.CLIENT_SUBNET, clientSubnet(1, 24, [10, 1, 2])],
      [OPTION.COOKIE, [1, 2, 3, 4, 5, 6, 7, 8]],
      [OPTION.NSID, []],
    ] as const;
    const fits = new Set<boolean>();
    for (let size = 512; size <= UDP_BYTES_MAX; size += 1) {
      const bytes = raw(queryPacket({ name: 'many.bioscope.test', edns: { bytes: size, options } }));
      assert.ok(bytes.length <= size, `${bytes.length} bytes for ${size}`);
      assert.equal(readMessage(bytes).edns?.options.size, 3);
      fits.add(readMessage(bytes).flags.tc);
    }
    assert.equal(fits.size, 2);
  });

  rfc('6891 6.2.3', 'sizes below 512 mean 512; courtesies go before the answer does', () => {
    const answer = ask({ name: 'bioscope.test', type: TYPE.NS, edns: { bytes: 10 } });
    assert.deepEqual([answer.flags.tc, answer.answers.length], [false, 2]);
  });

  rfc('8482 4.2', 'ANY gets one small HINFO, at steered names as well', () => {
    for (const name of ['bioscope.test', 'app.bioscope.test', 'huge.bioscope.test']) {
      const answer = ask({ name, type: TYPE.ANY });
      assert.deepEqual(
        answer.answers.map((each) => [each.type, each.data]),
        [[TYPE.HINFO, `07${Buffer.from('RFC8482').toString('hex')}00`]],
      );
    }
  });

  rfc('8482 4.1', 'ANY at an alias gets the alias; where there is nothing, nothing', () => {
    assert.deepEqual(types(ask({ name: 'www.bioscope.test', type: TYPE.ANY }).answers), [TYPE.CNAME]);
    soaOnly(ask({ name: 'c.bioscope.test', type: TYPE.ANY }));
    assert.equal(ask({ name: 'nowhere.bioscope.test', type: TYPE.ANY }).rcode, RCODE.NXDOMAIN);
  });

  rfc('7871 7.2.1', 'family, prefix and address come back with our scope, and the answer is the client’s', () => {
    const answer = ask({ edns: { options: [[OPTION.CLIENT_SUBNET, clientSubnet(1, 24, [10, 1, 2])]] } });
    assert.equal(answer.answers[0]?.data, 'c0000201');
    assert.deepEqual([...(answer.edns?.options.get(OPTION.CLIENT_SUBNET) ?? [])], clientSubnet(1, 24, [10, 1, 2], 8));
    const six = ask({ type: TYPE.AAAA, edns: { options: [[OPTION.CLIENT_SUBNET, clientSubnet(2, 56, [0x20, 1, 0xd, 0xb8, 0, 0, 1])]] } });
    assert.deepEqual([six.answers.length, six.edns?.options.get(OPTION.CLIENT_SUBNET)?.[3]], [1, 48]);
  });

  rfc('7871 7.2.1', 'the second who asks gets the same scope as the first', () => {
    const subnets = [clientSubnet(1, 24, [10, 7, 7]), clientSubnet(1, 16, [77, 7])];
    const askAll = (): ReadAnswer[] =>
      subnets.map((subnet) => ask({ name: 'play.bioscope.test', edns: { options: [[OPTION.CLIENT_SUBNET, subnet]] } }));
    const first = askAll();
    assert.deepEqual(
      first.map((answer) => answer.edns?.options.get(OPTION.CLIENT_SUBNET)?.[3]),
      [8, 8],
    );
    assert.notDeepEqual(first[0]?.answers, first[1]?.answers);
    assert.deepEqual(askAll(), first);
  });

  rfc('7871 7.2.1', 'scope 0 where the client makes no difference, errors included', () => {
    for (const name of ['static.bioscope.test', 'nowhere.bioscope.test', 'elsewhere.example']) {
      const answer = ask({ name, edns: { options: [[OPTION.CLIENT_SUBNET, clientSubnet(1, 24, [10, 1, 2])]] } });
      assert.equal(answer.edns?.options.get(OPTION.CLIENT_SUBNET)?.[3], 0);
    }
  });

  rfc('7871 7.1.2', 'with prefix 0 the resolver’s own address counts and the scope is 0', () => {
    const packet = queryPacket({ edns: { options: [[OPTION.CLIENT_SUBNET, clientSubnet(1, 0, [])]] } });
    const answer = readMessage(raw(packet, 'udp', Uint8Array.from([10, 9, 9, 9])));
    assert.equal(answer.answers[0]?.data, 'c0000201');
    assert.deepEqual([...(answer.edns?.options.get(OPTION.CLIENT_SUBNET) ?? [])], clientSubnet(1, 0, []));
    assert.equal(ask({ edns: { options: [[OPTION.CLIENT_SUBNET, clientSubnet(0, 0, [])]] } }).rcode, RCODE.NOERROR);
  });

  rfc('7871 6', 'too many or few bytes, bits beyond the prefix, scopes and prefixes that cannot be: FORMERR', () => {
    const wrong = [
      clientSubnet(1, 24, [10, 1]),
      clientSubnet(1, 24, [10, 1, 2, 0]),
      clientSubnet(1, 20, [10, 1, 0x1f]),
      clientSubnet(1, 33, [1, 2, 3, 4, 5]),
      clientSubnet(1, 8, [10], 8),
      clientSubnet(9, 8, [10]),
      clientSubnet(0, 8, [10]),
      [0, 1],
    ];
    for (const data of wrong) assert.equal(ask({ edns: { options: [[OPTION.CLIENT_SUBNET, data]] } }).rcode, RCODE.FORMERR, data.join());
  });

  rfc('7873 5.2.3', 'a client’s cookie gets a server’s', () => {
    const answer = ask({ edns: { options: [[OPTION.COOKIE, [1, 2, 3, 4, 5, 6, 7, 8]]] } });
    assert.deepEqual(
      [answer.rcode, answer.edns?.options.get(OPTION.COOKIE)?.length, responder.facts.hasValidCookie],
      [RCODE.NOERROR, 24, false],
    );
  });

  rfc('7873 5.2.5', 'the cookie we gave is known again at the same address only', () => {
    const cookie = [...(ask({ edns: { options: [[OPTION.COOKIE, [1, 2, 3, 4, 5, 6, 7, 8]]] } }).edns?.options.get(OPTION.COOKIE) ?? [])];
    const packet = queryPacket({ edns: { options: [[OPTION.COOKIE, cookie]] } });
    raw(packet);
    assert.equal(responder.facts.hasValidCookie, true);
    raw(packet, 'udp', Uint8Array.from([192, 0, 2, 201]));
    assert.equal(responder.facts.hasValidCookie, false);
  });

  rfc('7873 5.2.2', 'cookies of impossible lengths are malformed', () => {
    for (const length of [0, 7, 9, 15, 41]) {
      const data = Array.from({ length }, () => 1);
      assert.equal(ask({ edns: { options: [[OPTION.COOKIE, data]] } }).rcode, RCODE.FORMERR);
    }
  });

  rfc('7873 5.4', 'without a question one may fetch a cookie', () => {
    const answer = ask({ questions: 0, edns: { options: [[OPTION.COOKIE, [1, 2, 3, 4, 5, 6, 7, 8]]] } });
    assert.deepEqual([answer.rcode, answer.question, answer.edns?.options.get(OPTION.COOKIE)?.length], [RCODE.NOERROR, undefined, 24]);
  });

  rfc('8914 4.21', 'refusals say why to those who speak EDNS', () => {
    assert.deepEqual([...(ask({ name: 'example.org', edns: EDNS }).edns?.options.get(OPTION.EXTENDED_ERROR) ?? [])], [0, 20]);
  });

  rfc('5001', 'who asks for the server’s id gets it', () => {
    assert.equal(Buffer.from(ask({ edns: { options: [[OPTION.NSID, []]] } }).edns?.options.get(OPTION.NSID) ?? []).toString(), 'ns-a');
    assert.equal(ask({ edns: EDNS }).edns?.options.has(OPTION.NSID), false);
  });

  rfc('7828', 'keepalive has an answer by TCP only', () => {
    const asked = { edns: { options: [[OPTION.TCP_KEEPALIVE, []]] } } as const;
    assert.deepEqual([...(ask(asked, 'tcp').edns?.options.get(OPTION.TCP_KEEPALIVE) ?? [])], [0, 100]);
    assert.equal(ask(asked).edns?.options.size, 0);
  });

  rfc('8906 3.1.3', 'other opcodes: NOTIMP with the opcode repeated', () => {
    for (const opcode of [1, 2, 4, 5, 6, 15]) {
      const answer = ask({ flags: opcode << 11 });
      assert.deepEqual([answer.rcode, answer.opcode], [RCODE.NOTIMP, opcode]);
    }
  });

  rfc('8906 3.1.2', 'unknown flags and types change nothing', () => {
    assert.equal(ask({ flags: 0x0040 }).answers.length, 1);
    assert.equal(ask({ type: 1_000 }).rcode, RCODE.NOERROR);
  });

  rfc('9619', 'two questions, or none, are malformed', () => {
    assert.equal(ask({ questions: 2 }).rcode, RCODE.FORMERR);
    assert.equal(ask({ questions: 0 }).rcode, RCODE.FORMERR);
  });

  rfc('8945 5.2', 'a signature that nobody here can check is passed over', () => {
    const tsig = [3, 0x6b, 0x65, 0x79, 0, 0, 250, 0, 255, 0, 0, 0, 0, 0, 2, 1, 2];
    assert.equal(ask({ extra: { additionals: 1, bytes: tsig } }).answers.length, 1);
  });

  rfc('1035 4.1.3', 'records that run out of the packet, answers in a query, and crowds of records are malformed', () => {
    assert.equal(ask({ extra: { additionals: 1, bytes: [0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 9, 1] } }).rcode, RCODE.FORMERR);
    const record = [0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0];
    assert.equal(ask({ extra: { answers: 1, bytes: record } }).rcode, RCODE.FORMERR);
    assert.equal(ask({ extra: { additionals: 9, bytes: Array.from({ length: 9 }, () => record).flat() } }).rcode, RCODE.FORMERR);
  });

  rfc('5936 2.2', 'transfers are refused', () => {
    for (const type of [TYPE.AXFR, TYPE.IXFR]) assert.equal(ask({ name: 'bioscope.test', type }, 'tcp').rcode, RCODE.REFUSED);
  });

  rfc('1034 4.3.1', 'outside of the zone, and in other classes, refused without authority', () => {
    for (const asked of [
      { name: 'example.org' },
      { name: 'test' },
      { name: '.' },
      { name: 'xbioscope.test' },
      { name: 'app.bioscope.test.example' },
      { class: 3 },
    ]) {
      const answer = ask(asked);
      assert.deepEqual([answer.rcode, answer.flags.aa, answer.answers.length], [RCODE.REFUSED, false, 0]);
    }
  });

  rfc('8659 4', 'CAA is served as it is written', () => {
    const answer = ask({ name: 'bioscope.test', type: TYPE.CAA });
    assert.deepEqual(
      answer.answers.map((each) => each.data),
      [
        `0005${Buffer.from('issueletsencrypt.org').toString('hex')}`,
        `8005${Buffer.from('iodefmailto:security@bioscope.test').toString('hex')}`,
      ],
    );
  });

  rfc('9460 2.2', 'HTTPS and SVCB have their parameters by number and names uncompressed', () => {
    const https = ask({ type: TYPE.HTTPS }).answers[0]?.data;
    assert.equal(https, `0001000001000c02${Buffer.from('h2').toString('hex')}08${Buffer.from('http/1.1').toString('hex')}0003000220fb`);
    const svcb = ask({ name: 'svc2.bioscope.test', type: TYPE.SVCB }).answers[0]?.data ?? '';
    assert.match(svcb, /^0002036170700862696f73636f7065047465737400 ?0000000200010001/);
    soaOnly(ask({ name: 'play.bioscope.test', type: TYPE.HTTPS }));
  });

  it('answers every class of question in the class it came with', () => {
    assert.equal(ask({}).question?.class, CLASS_IN);
    assert.equal(ask({ class: 255 }).question?.class, 255);
  });
});
