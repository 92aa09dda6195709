import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as look } from 'node:timers/promises';
import { clockOf, enrolMember, startViewers, type Figures, type Viewers, type ViewersOptions } from '../src/index.ts';
import { bytesOf, startFakeService, type FakeAnswer, type FakeFilm, type FakeRequest, type FakeService } from './fake-service.ts';

/** Everything, deadlines too, passes eight times as fast: a silent appliance is left after a third of a second. */
const SPEED = 8;
/** Picture and sound of the fake film. */
const BYTES_A_SECOND = 1_200;
const FILM: FakeFilm = { segments: 6, segmentMs: 1_000 };
/** Some of it happens at the pace of a film; the rest is for a machine that is busy. */
const WAIT_MS = 40_000;
/** They wait more than they work, and share nothing. */
const TOGETHER = { concurrency: true, timeout: 120_000 };
const DOWN: FakeAnswer = { status: 503, body: JSON.stringify({ code: 'unavailable' }) };

async function open(
  test: TestContext,
  options: Partial<ViewersOptions> = {},
  film = FILM,
): Promise<{ service: FakeService; watch: () => Viewers }> {
  const service = await startFakeService(film);
  let viewers: Viewers | undefined;
  test.after(async () => {
    await viewers?.stop();
    service.close();
  });
  const watch = (): Viewers => {
    viewers = startViewers({
      count: 1,
      doors: service.doors,
      seed: 1,
      rampMs: 0,
      clock: clockOf(SPEED),
      ...options,
      habits: { browseMs: 500, ...options.habits },
    });
    return viewers;
  };
  return { service, watch };
}

/** Looks until the figures are as they should be. */
async function until(viewers: Viewers, isSo: (figures: Figures) => boolean): Promise<Figures> {
  const endMs = Date.now() + WAIT_MS;
  for (;;) {
    const figures = viewers.figures();
    if (isSo(figures)) return figures;
    assert.ok(Date.now() < endMs, `did not come: ${isSo.toString()}\n${JSON.stringify(figures)}`);
    await look(20);
  }
}

const isAppliance = ({ door }: FakeRequest, name: 'a' | 'b'): boolean => door === `appliance-${name}`;
const method = ({ path }: FakeRequest): string => path.split('?')[0]?.split('/').at(-1) ?? '';

describe('a viewer of a service that is well', TOGETHER, () => {
  it('opens the page, chooses a film, fetches all of it to the byte, and says where it stopped', async (test) => {
    const { service, watch } = await open(test);
    const viewers = watch();
    await until(viewers, () => service.seen.some((asked) => method(asked) === 'EndSession'));
    const { counts, doors, bytesFrom } = await viewers.stop();
    assert.ok(counts.startsBegun >= 1);
    assert.deepEqual([counts.startsFailed, counts.requestsFailed, counts.requestsUnheard, counts.attemptsFailed], [0, 0, 0, 0]);
    assert.equal(doors.page.requests, 1);
    const ends = service.seen.filter((asked) => method(asked) === 'EndSession');
    assert.deepEqual(ends[0]?.json, { sessionId: 's1', positionMs: 6_000 });
    assert.ok((bytesFrom[service.addressOf.a] ?? 0) >= bytesOf(FILM));
    assert.equal(bytesFrom[service.addressOf.b], undefined);
    const start = service.seen.find((asked) => method(asked) === 'StartSession');
    assert.match(String(start?.json['viewerId']), /^viewer-[0-9a-f]{24}$/);
  });

  it('fetches half a minute ahead and no more', async (test) => {
    const long = { segments: 120, segmentMs: 1_000 };
    const { service, watch } = await open(test, { habits: { watchMs: 200_000 } }, long);
    const fetched = ({ bytesFrom }: Figures): number => bytesFrom[service.addressOf.a] ?? 0;
    const headBytes = bytesOf(long) - 120 * BYTES_A_SECOND;
    const viewers = watch();
    await until(viewers, (figures) => {
      const secondsMax = 30 + figures.counts.playedMs / 1_000 + 1;
      assert.ok(fetched(figures) <= headBytes + secondsMax * BYTES_A_SECOND, JSON.stringify(figures.counts));
      return fetched(figures) >= 35 * BYTES_A_SECOND;
    });
  });

  it('goes where steering sends it', async (test) => {
    const { service, watch } = await open(test, {}, { segments: 60, segmentMs: 1_000 });
    service.disturb = (asked) =>
      asked.path.startsWith('/steering')
        ? { status: 200, body: JSON.stringify({ VERSION: 1, TTL: 5, 'PATHWAY-PRIORITY': ['b', 'a'] }) }
        : undefined;
    const viewers = watch();
    await until(viewers, ({ bytesFrom }) => (bytesFrom[service.addressOf.b] ?? 0) > 0);
    assert.equal((await viewers.stop()).counts.attemptsFailed, 0);
  });

  it('is counted once, whatever becomes of it', async (test) => {
    const { watch } = await open(test, { count: 12, habits: { browseMs: 100, watchMs: 800 } });
    const viewers = watch();
    await until(viewers, ({ counts }) => counts.startsBegun > 20);
    await viewers.resize(3);
    assert.equal(viewers.figures().viewers.wanted, 3);
    const { counts, cohorts, viewers: left } = await viewers.stop();
    assert.equal(counts.startsTried, counts.startsBegun + counts.startsFailed + counts.startsRefused + counts.startsClosed);
    assert.deepEqual(left, { wanted: 0, browsing: 0, starting: 0, playing: 0, stalled: 0 });
    for (const name of ['startsTried', 'requests', 'bytes'] as const)
      assert.equal(counts[name], cohorts.control.counts[name] + cohorts.experiment.counts[name]);
    assert.ok(cohorts.control.counts.startsTried > 0 && cohorts.experiment.counts.startsTried > 0);
  });

  it('does the same in the same order when the seed is the same', async (test) => {
    const choices: unknown[][] = [];
    for (const seed of [5, 5, 6]) {
      const { service, watch } = await open(test, { seed, habits: { browseMs: 100, watchMs: 400 } });
      const viewers = watch();
      const starts = (): FakeRequest[] => service.seen.filter((asked) => method(asked) === 'StartSession');
      await until(viewers, () => starts().length >= 6);
      await viewers.stop();
      choices.push(
        starts()
          .slice(0, 6)
          .map(({ json }) => json),
      );
    }
    assert.deepEqual(choices[0], choices[1]);
    assert.notDeepEqual(choices[0], choices[2]);
  });
});

describe('a viewer whose appliance fails', TOGETHER, () => {
  const failures: Readonly<Record<string, { answer: FakeAnswer; failure: string }>> = {
    'says it is down': { answer: DOWN, failure: 'busy' },
    'is silent': { answer: 'silence', failure: 'silent' },
    'breaks off': { answer: 'reset', failure: 'broken_off' },
    'sends too little': { answer: { status: 206, body: Buffer.alloc(7), headers: { 'content-range': 'bytes 0-6/7' } }, failure: 'short' },
    'sends everything instead of a part': { answer: { status: 200, body: Buffer.alloc(5_000) }, failure: 'short' },
  };
  for (const [what, { answer, failure }] of Object.entries(failures))
    it(`${what}: takes the other one, and nobody notices`, async (test) => {
      const { service, watch } = await open(test);
      service.disturb = (asked) => (isAppliance(asked, 'a') ? answer : undefined);
      const viewers = watch();
      const { counts, doors, bytesFrom } = await until(
        viewers,
        (figures) => figures.counts.startsBegun >= 1 && figures.counts.playedMs > 3_000,
      );
      assert.ok((doors.segment.attemptsFailed[failure as 'busy'] ?? 0) >= 1, JSON.stringify(doors.segment));
      assert.deepEqual([counts.requestsFailed, counts.startsFailed, counts.sessionsBroken], [0, 0, 0]);
      assert.ok((bytesFrom[service.addressOf.b] ?? 0) > 0);
    });

  it('goes back to it when the other one fails too', async (test) => {
    const { service, watch } = await open(test, {}, { segments: 90, segmentMs: 1_000 });
    const viewers = watch();
    service.disturb = (asked) => (isAppliance(asked, 'a') ? DOWN : undefined);
    await until(viewers, ({ bytesFrom }) => (bytesFrom[service.addressOf.b] ?? 0) > 3_000);
    service.disturb = (asked) => (isAppliance(asked, 'b') ? DOWN : undefined);
    await until(viewers, ({ bytesFrom }) => (bytesFrom[service.addressOf.a] ?? 0) > 3_000);
    assert.equal(viewers.figures().counts.requestsFailed, 0);
  });

  it('gets another token when its own is no longer taken', async (test) => {
    const { service, watch } = await open(test, {}, { segments: 90, segmentMs: 1_000 });
    const viewers = watch();
    await until(viewers, ({ counts }) => counts.playedMs > 500);
    service.token = 'second';
    await until(viewers, () => service.seen.some((asked) => asked.path.startsWith('/t/second/')));
    assert.deepEqual([viewers.figures().counts.requestsFailed, viewers.figures().counts.sessionsBroken], [0, 0]);
  });

  it('leaves when the picture stands for longer than anybody waits', async (test) => {
    const { service, watch } = await open(test, { habits: { stallPatienceMs: 4_000 } }, { segments: 90, segmentMs: 1_000 });
    let segments = 0;
    service.disturb = (asked) => {
      if (!asked.door.startsWith('appliance')) return undefined;
      segments += 1;
      return segments <= 8 ? undefined : DOWN;
    };
    const { counts, stallLongestMs, rebufferRatio } = await until(watch(), (figures) => figures.counts.sessionsBroken === 1);
    assert.ok(stallLongestMs >= 4_000 && counts.stalls === 1 && counts.sessionsStalled === 1);
    assert.ok(rebufferRatio > 0.1);
  });
});

describe('a viewer whose doors fail', TOGETHER, () => {
  it('asks again as the app does, and notices nothing when that is enough', async (test) => {
    const { service, watch } = await open(test);
    let starts = 0;
    service.disturb = (asked) => (method(asked) === 'StartSession' && (starts += 1) <= 2 ? DOWN : undefined);
    const { counts, doors } = await until(watch(), (figures) => figures.counts.startsBegun === 1);
    assert.deepEqual([counts.requestsFailed, counts.attemptsFailed, doors.playback.attemptsFailed], [0, 2, { busy: 2 }]);
  });

  it('has failed to start when three times were not enough', async (test) => {
    const { service, watch } = await open(test);
    service.disturb = (asked) => (method(asked) === 'StartSession' ? DOWN : undefined);
    const { counts, doors } = await until(watch(), (figures) => figures.counts.startsFailed >= 1);
    assert.deepEqual([counts.startsBegun, doors.playback.failed], [0, counts.startsFailed]);
    assert.equal(doors.playback.attempts, 3 * doors.playback.requests);
  });

  it('does not notice that heartbeats are not heard, and plays on', async (test) => {
    const { service, watch } = await open(test, {}, { segments: 30, segmentMs: 1_000 });
    service.disturb = (asked) => (method(asked) === 'Heartbeat' ? { status: 500 } : undefined);
    const { counts } = await until(watch(), (figures) => figures.counts.requestsUnheard >= 2);
    assert.deepEqual([counts.requestsFailed, counts.sessionsBroken], [0, 0]);
  });

  it('goes away when no picture comes for longer than anybody waits', async (test) => {
    const { service, watch } = await open(test, { habits: { startPatienceMs: 3_000 } });
    service.disturb = (asked) => (asked.path.endsWith('.mpd') ? 'silence' : undefined);
    const viewers = watch();
    const { counts } = await until(viewers, (figures) => figures.counts.startsFailed >= 1);
    assert.equal(counts.startsBegun, 0);
    await until(viewers, () => service.seen.some((asked) => method(asked) === 'EndSession'));
  });

  for (const [because, count] of [
    ['stream_limit', 'startsRefused'],
    ['no_appliance', 'startsFailed'],
  ] as const)
    it(`counts a start refused with ${because} under ${count}`, async (test) => {
      const { service, watch } = await open(test);
      service.disturb = (asked) =>
        method(asked) === 'StartSession' ? { status: 200, body: JSON.stringify({ refused: { because } }) } : undefined;
      const { counts } = await until(watch(), (figures) => figures.counts[count] >= 1);
      assert.deepEqual([counts.startsBegun, counts.startsRefused + counts.startsFailed - counts[count], counts.requestsFailed], [0, 0, 0]);
    });

  it('takes the next address when nobody listens at the first', async (test) => {
    const service = await startFakeService(FILM);
    test.after(() => service.close());
    const places = [
      { name: 'here', resolve: async () => ({ addresses: ['127.0.0.99', '127.0.0.1'], ttlSeconds: 30 }), network: '127.101.0.0/16' },
    ];
    const viewers = startViewers({
      count: 1,
      doors: service.doors,
      seed: 1,
      rampMs: 0,
      places,
      clock: clockOf(SPEED),
      habits: { browseMs: 500 },
    });
    test.after(() => viewers.stop());
    const { counts } = await until(viewers, (figures) => figures.counts.startsBegun === 1);
    assert.equal(counts.attemptsFailed, 0);
  });
});

describe('a member who watches', TOGETHER, () => {
  const grant = (accessToken: string): FakeAnswer => ({
    status: 200,
    headers: { 'set-cookie': `bioscope_session=${accessToken}; Path=/session; HttpOnly` },
    body: JSON.stringify({
      accessToken,
      expiresAtMs: Date.now() + 3_600_000,
      account: {
        id: 'account-1',
        profiles: [
          { id: 'p0', hasPin: true },
          { id: 'p1', hasPin: false },
        ],
      },
    }),
  });
  const accounts = [{ email: 'ada@example.org', password: 'correct horse' }];

  it('signs in, chooses a profile without a PIN, and shows the token at every door but the appliances’', async (test) => {
    const { service, watch } = await open(test, { accounts, cohortOf: (id) => (id === 'account-1' ? 'experiment' : undefined) });
    service.disturb = (asked) =>
      asked.path === '/session/sign-in' ? grant('t1') : asked.path === '/session/profile/choose' ? grant('t2') : undefined;
    const viewers = watch();
    const { cohorts, counts } = await until(viewers, (figures) => figures.counts.startsBegun === 1);
    assert.deepEqual([cohorts.experiment.counts.startsBegun, cohorts.control.counts.requests, counts.requestsFailed], [1, 0, 0]);
    const chosen = service.seen.find((asked) => asked.path === '/session/profile/choose');
    assert.deepEqual(
      [chosen?.json['profileId'], chosen?.headers.cookie, chosen?.headers.origin],
      ['p1', 'bioscope_session=t1', service.doors.app],
    );
    const start = service.seen.find((asked) => method(asked) === 'StartSession');
    assert.equal(start?.headers.authorization, 'Bearer t2');
    assert.ok(service.seen.every((asked) => !asked.door.startsWith('appliance') || asked.headers.authorization === undefined));
  });

  it('gets another token when its own has run out, without failing anything', async (test) => {
    const { service, watch } = await open(test, { accounts });
    service.disturb = (asked) => {
      if (asked.path.startsWith('/session/')) return grant(asked.path === '/session/refresh' ? 'fresh' : 'stale');
      const isStale = asked.headers.authorization === 'Bearer stale';
      return isStale ? { status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } } : undefined;
    };
    const { counts } = await until(watch(), (figures) => figures.counts.startsBegun === 1);
    assert.equal(counts.requestsFailed, 0);
    assert.ok(service.seen.some((asked) => asked.path === '/session/refresh'));
  });
});

describe('a member’s session', TOGETHER, () => {
  const granted = (accessToken: string, more: object = {}): FakeAnswer => ({
    status: 200,
    // Run out at once: what counts is how long it may be used at least.
    body: JSON.stringify({ accessToken, expiresAtMs: 0, account: { id: 'account-1', profiles: [{ id: 'p1', hasPin: false }] }, ...more }),
  });
  const accounts = [{ email: 'ada@example.org', password: 'correct horse' }];
  const isStale = (asked: FakeRequest, token: string): boolean => asked.headers.authorization === `Bearer ${token}`;
  const REFUSED: FakeAnswer = { status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } };

  it('is not lost when the door is away for a moment', async (test) => {
    const { service, watch } = await open(test, { accounts });
    let asked = 0;
    service.disturb = (request) => {
      if (request.path === '/session/refresh') return (asked += 1) === 1 ? DOWN : granted('fresh');
      if (request.path.startsWith('/session/')) return granted('stale');
      return isStale(request, 'stale') ? REFUSED : undefined;
    };
    const { counts, doors } = await until(watch(), (figures) => figures.counts.startsBegun + figures.counts.startsRefused >= 1);
    assert.deepEqual([counts.startsBegun, doors.session.failed, doors.session.unheard], [1, 0, 1]);
  });

  it('begins anew when it was ended elsewhere', async (test) => {
    const { service, watch } = await open(test, { accounts });
    let signedIn = 0;
    service.disturb = (request) => {
      if (request.path === '/session/refresh') return { status: 401, body: JSON.stringify({ refused: 'signed_out' }) };
      if (request.path === '/session/sign-in') signedIn += 1;
      if (request.path.startsWith('/session/')) return granted(`t${signedIn}`);
      return isStale(request, 't1') ? REFUSED : undefined;
    };
    await until(watch(), (figures) => figures.counts.startsBegun >= 1);
    assert.equal(signedIn, 2);
  });
});

describe('a newcomer', () => {
  it('signs up, follows the link, and pays for the plan with the most streams', async (test) => {
    const { service } = await open(test);
    service.disturb = ({ path, json }) => {
      if (path === '/session/sign-up') return { status: 200, body: '{"mailSent":true}' };
      if (path.startsWith('/session/'))
        return {
          status: 200,
          body: JSON.stringify({ accessToken: 't', expiresAtMs: 0, account: { id: 'a', profiles: [{ id: 'p1', hasPin: false }] } }),
        };
      if (path === '/sandbox/tokens') return { status: 201, body: '{"token":"card-1"}' };
      if (json['documentId'] === 'offers')
        return {
          status: 200,
          body: JSON.stringify({
            data: { offers: { offers: [{ plan: { id: 'basic', streamsMax: 1 } }, { plan: { id: 'premium', streamsMax: 4 } }] } },
          }),
        };
      if (json['documentId'] === 'pay') return { status: 200, body: '{"data":{"startMembership":{"status":"DONE"}}}' };
      return undefined;
    };
    const needs = {
      doors: service.doors,
      mailedLink: async () => 'secret',
      offers: { documentId: 'offers' },
      startMembership: { documentId: 'pay' },
    };
    const who = {
      email: 'ada@example.org',
      password: 'correct horse',
      name: 'Ada',
      country: 'DE',
      cardNumber: '4242424242424242',
      nowMs: Date.UTC(2026, 0),
    };
    assert.deepEqual(await enrolMember(needs, who), { planId: 'premium', streamsMax: 4 });
    const paid = service.seen.find(({ json }) => json['documentId'] === 'pay');
    assert.partialDeepStrictEqual(paid?.json['variables'], { planId: 'premium', country: 'DE', paymentToken: 'card-1' });
    assert.equal(service.seen.find(({ path }) => path === '/session/verify')?.json['link'], 'secret');
    service.disturb = () => ({ status: 403, body: '{"refused":"weak_password"}' });
    await assert.rejects(enrolMember(needs, who), /signing up came to .*weak_password/);
  });
});

describe('viewers that cannot be', () => {
  it('are refused, naming what is wrong', () => {
    const doors = { app: 'http://app.localhost:1', api: 'http://api.localhost:1', play: 'http://play.localhost:1' };
    const refused: readonly [Partial<ViewersOptions>, RegExp][] = [
      [{ count: -1 }, /-1 viewers/],
      [{ count: 1e6 }, /1000000 viewers/],
      [{ doors: { ...doors, play: 'play.localhost' } }, /doors\.play/],
      [{ places: [] }, /places/],
      [{ places: [{ name: 'x', resolve: async () => ({ addresses: [], ttlSeconds: 1 }), network: 'nowhere' }] }, /nowhere/],
    ];
    for (const [options, complaint] of refused) assert.throws(() => startViewers({ count: 0, doors, seed: 1, ...options }), complaint);
  });
});
