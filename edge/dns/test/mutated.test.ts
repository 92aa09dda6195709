import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as fc from 'fast-check';
import { createCookies } from '../src/protect/cookies.ts';
import { createResponder } from '../src/respond.ts';
import type { Responder } from '../src/respond.ts';
import { OPTION, PLAIN_UDP_BYTES_MAX, TCP_BYTES_MAX, UDP_BYTES_MAX } from '../src/wire/numbers.ts';
import { clientSubnet, queryPacket } from './query-packet.ts';
import type { Asked } from './query-packet.ts';
import { readMessage } from './read-message.ts';
import { testSteering, testZone } from './test-zone.ts';

const isThorough = process.env['BIOSCOPE_TEST_ALL'] === '1';
const PACKETS = isThorough ? 100_000 : 6_000;
const EQUAL_RUNS = isThorough ? 2_000 : 200;
const NOW_SECONDS = 1_800_000_000;
const CLIENT = Uint8Array.from([10, 0, 0, 7]);
const HEAP_GROWTH_BYTES_MAX = 2 * 1024 * 1024;

const cookies = createCookies([new Uint8Array(16)]);
const zone = testZone();
const newResponder = (): Responder => createResponder({ zone, steering: testSteering(), cookies, serverId: Buffer.from('ns-a') });

const NAMES = ['app', 'play', 'www', 'old', 'static', 'many', 'huge', 'x.wild', 'b.c', 'x.child', 'nowhere', '*.wild', 'loop1', 'APP'];
const SEEDS: readonly Asked[] = [
  ...NAMES.map((name) => ({ name: `${name}.bioscope.test` })),
  { name: 'bioscope.test', type: 255, edns: {} },
  { name: 'huge.bioscope.test', type: 16, edns: { bytes: 4_096, dnssecOk: true } },
  { edns: { options: [[OPTION.CLIENT_SUBNET, clientSubnet(1, 24, [10, 1, 2])]] } },
  {
    type: 28,
    edns: {
      options: [
        [OPTION.CLIENT_SUBNET, clientSubnet(2, 56, [32, 1, 13, 184, 0, 0, 1])],
        [OPTION.NSID, []],
      ],
    },
  },
  { edns: { options: [[OPTION.COOKIE, Array.from({ length: 24 }, (_, i) => i)]] } },
  { questions: 0, edns: { options: [[OPTION.COOKIE, [1, 2, 3, 4, 5, 6, 7, 8]]] } },
  { extra: { additionals: 1, bytes: [3, 107, 101, 121, 0, 0, 250, 0, 255, 0, 0, 0, 0, 0, 2, 1, 2] } },
];

describe('packets as nobody should send them', () => {
  it(`get a readable answer within the limit or none, and leave nothing behind (${PACKETS} of them)`, () => {
    const random = seeded(20_261_127);
    const seeds = SEEDS.map(queryPacket);
    const responder = newResponder();
    const udp = new Uint8Array(UDP_BYTES_MAX);
    const tcp = new Uint8Array(TCP_BYTES_MAX);
    let answered = 0;
    let heapAfterFirst = 0;
    for (let i = 0; i < PACKETS; i += 1) {
      const packet = mutate(seeds, random);
      for (const [transport, out] of [
        ['udp', udp],
        ['tcp', tcp],
      ] as const) {
        const bytes = out.subarray(0, responder.respond(packet, CLIENT, transport, NOW_SECONDS, out));
        if (bytes.length === 0) continue;
        answered += 1;
        const answer = read(bytes, packet);
        assert.equal(answer.id, ((packet[0] ?? 0) << 8) | (packet[1] ?? 0));
        const bytesMax = transport === 'tcp' ? TCP_BYTES_MAX : answer.edns === undefined ? PLAIN_UDP_BYTES_MAX : UDP_BYTES_MAX;
        assert.ok(bytes.length <= bytesMax, `${bytes.length} bytes for ${Buffer.from(packet).toString('hex')}`);
      }
      if (i === Math.floor(PACKETS / 4)) heapAfterFirst = heapBytes();
    }
    assert.ok(answered > PACKETS, 'most packets are near enough to queries to be answered');
    const grown = heapBytes() - heapAfterFirst;
    assert.ok(grown < HEAP_GROWTH_BYTES_MAX, `the heap grew by ${grown} bytes`);
  });

  it('are answered alike by a server that has answered many and by a new one: what is kept is what would be composed', () => {
    const old = newResponder();
    const word = fc.constantFrom(...'app play www static many huge wild x c child svc2 bioscope test APP *'.split(' '));
    const asked = fc.record({
      name: fc.oneof(
        word.map((label) => `${label}.bioscope.test`),
        fc.array(word, { minLength: 1, maxLength: 4 }).map((labels) => `${labels.join('.')}.Bioscope.test`),
      ),
      type: fc.constantFrom(1, 2, 5, 6, 15, 16, 28, 64, 65, 255, 257, 999),
      edns: fc.option(
        fc.record({
          bytes: fc.constantFrom(0, 512, 600, 1_232, 4_096),
          options: fc.constantFrom<Asked['edns']>(
            {},
            { options: [[OPTION.CLIENT_SUBNET, clientSubnet(1, 8, [10])]] },
            { options: [[OPTION.CLIENT_SUBNET, clientSubnet(1, 8, [11])]] },
          ),
        }),
        { nil: undefined },
      ),
      transport: fc.constantFrom('udp' as const, 'tcp' as const),
    });
    fc.assert(
      fc.property(asked, ({ name, type, edns, transport }) => {
        const packet = queryPacket({ name, type, ...(edns === undefined ? {} : { edns: { bytes: edns.bytes, ...edns.options } }) });
        const outs = [old, newResponder()].map((responder) => {
          const out = new Uint8Array(TCP_BYTES_MAX);
          return out.slice(0, responder.respond(packet, CLIENT, transport, NOW_SECONDS, out));
        });
        assert.deepEqual(outs[0], outs[1]);
      }),
      { numRuns: EQUAL_RUNS },
    );
  });
});

function read(bytes: Uint8Array, packet: Uint8Array): ReturnType<typeof readMessage> {
  try {
    return readMessage(bytes);
  } catch (error) {
    throw new Error(`unreadable answer ${Buffer.from(bytes).toString('hex')} to ${Buffer.from(packet).toString('hex')}`, { cause: error });
  }
}

/** One to four changes: bits, bytes, cuts, doubled and mixed pieces, counts of the header. */
function mutate(seeds: readonly Uint8Array[], random: (below: number) => number): Uint8Array {
  let bytes = [...(seeds[random(seeds.length)] ?? [])];
  for (let change = random(4); change >= 0; change -= 1) {
    const at = random(bytes.length + 1);
    const kind = random(8);
    if (kind === 0) bytes[at % Math.max(1, bytes.length)] = (bytes[at] ?? 0) ^ (1 << random(8));
    else if (kind === 1) bytes[at % Math.max(1, bytes.length)] = random(256);
    else if (kind === 2) bytes = bytes.slice(0, at);
    else if (kind === 3) bytes.splice(at, random(4));
    else if (kind === 4) bytes.splice(at, 0, ...Array.from({ length: random(40) }, () => random(256)));
    else if (kind === 5) bytes.splice(at, 0, ...bytes.slice(random(bytes.length + 1)));
    else if (kind === 6) bytes = [...bytes.slice(0, at), ...(seeds[random(seeds.length)] ?? []).slice(at)];
    else bytes[4 + random(8)] = random(4);
  }
  return Uint8Array.from(bytes, (byte) => byte ?? 0);
}

function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), state | 1) + 0x6d2b79f5) | 0;
    state ^= state + Math.imul(state ^ (state >>> 7), state | 61);
    return below === 0 ? 0 : ((state ^ (state >>> 14)) >>> 0) % below;
  };
}

function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // What buffers held outside of the heap is given back a collection later.
  for (let i = 0; i < 3; i += 1) collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
