import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';

import { openState, startRegistry, stateFolder } from './running-registry.ts';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@external", "@requires"])\n';
const CATALOG = `${LINK} type Query { titles: [Title!]! } type Title @key(fields: "id") { id: ID! name: String! year: Int }`;
const HOME = `${LINK} type Query { rows: [Title!]! } type Title @key(fields: "id") { id: ID! year: Int @external decade: Int @requires(fields: "year") }`;
const version = '1';

describe('the registry', () => {
  it('composes what services publish, the same bytes in whatever order they come', async () => {
    await using folder = await stateFolder();
    const composed: string[] = [];
    for (const order of [['catalog', 'plans'] as const, ['plans', 'catalog'] as const]) {
      const kv = await openState(`${folder.path}/${order[0]}`);
      {
        await using registry = await startRegistry(kv);
        const schemas = { catalog: CATALOG, plans: 'type Query { plans: [String!]! }' };
        for (const service of order)
          assert.deepEqual((await registry.as(service).publish({ service, sdl: schemas[service], version })).reasons, []);
        const { supergraph } = await registry.as('graph').getSupergraph({});
        assert.equal(
          supergraph?.sha256,
          createHash('sha256')
            .update(supergraph?.sdl ?? '')
            .digest('hex'),
        );
        assert.deepEqual([supergraph?.services, supergraph?.graphVersion], [['catalog', 'plans'], 2]);
        composed.push(supergraph?.sdl ?? '');
      }
      await kv.close();
    }
    assert.equal(composed[0], composed[1]);
  });

  it('refuses what does not fit, says why, and leaves the graph as it was', async () => {
    await using state = await started();
    const { registry } = state;
    await registry.as('catalog').publish({ service: 'catalog', sdl: CATALOG, version });
    const before = await registry.as('graph').getSupergraph({});
    for (const [sdl, reason] of [
      ['type Query {', /cannot be read: .*line 1/],
      ['type Query { rows: [Nope!]! }', /Nope/],
      [`${LINK} type Query { a: Int } type Title @key(fields: "id") { id: ID! name: Int }`, /Title\.name/],
    ] as const) {
      const { accepted, reasons } = await registry.as('home').publish({ service: 'home', sdl, version });
      assert.equal(accepted, false);
      assert.match(reasons.join('\n'), reason);
    }
    assert.deepEqual(await registry.as('graph').getSupergraph({}), before);
    const { changes } = await registry.as('graph').listChanges({});
    assert.deepEqual(
      changes.map(({ sequence, service, accepted }) => [sequence, service, accepted]),
      [
        [4, 'home', false],
        [3, 'home', false],
        [2, 'home', false],
        [1, 'catalog', true],
      ],
    );
  });

  it('takes a schema that was refused for want of another when that one comes', async () => {
    await using state = await started();
    const { registry } = state;
    assert.equal((await registry.as('home').publish({ service: 'home', sdl: HOME, version })).accepted, false);
    assert.equal((await registry.as('catalog').publish({ service: 'catalog', sdl: CATALOG, version })).accepted, true);
    assert.equal((await registry.as('home').publish({ service: 'home', sdl: HOME, version })).accepted, true);
    assert.deepEqual((await registry.as('graph').getSupergraph({})).supergraph?.services, ['catalog', 'home']);
  });

  it('takes two schemas that need each other', async () => {
    await using state = await started();
    const { registry } = state;
    const needing = (own: string, others: string): string =>
      `${LINK} type Query { ${own}s: [Title!]! } type Title @key(fields: "id") { id: ID! ${own}: Int ${others}: Int @external twice_${own}: Int @requires(fields: "${others}") }`;
    assert.equal((await registry.as('home').publish({ service: 'home', sdl: needing('rank', 'price'), version })).accepted, false);
    assert.equal((await registry.as('plans').publish({ service: 'plans', sdl: needing('price', 'rank'), version })).accepted, true);
    assert.deepEqual((await registry.as('graph').getSupergraph({})).supergraph?.services, ['home', 'plans']);
  });

  it('adds nothing when the same is published again', async () => {
    await using state = await started();
    const { registry } = state;
    for (const sdl of [CATALOG, CATALOG]) await registry.as('catalog').publish({ service: 'catalog', sdl, version });
    for (const sdl of ['type', 'type']) await registry.as('home').publish({ service: 'home', sdl, version });
    assert.equal((await registry.as('graph').listChanges({})).changes.length, 2);
  });

  it('lets no unit publish for another, and no stranger read', async () => {
    await using state = await started();
    const { registry } = state;
    await assert.rejects(registry.as('home').publish({ service: 'catalog', sdl: CATALOG, version }), { code: 'permission_denied' });
    await assert.rejects(registry.as('home').getSupergraph({}), { code: 'permission_denied' });
    await assert.rejects(registry.as('home').publish({ service: 'home', sdl: `# ${'x'.repeat(300_000)}`, version }), {
      code: 'invalid_argument',
    });
  });

  it('holds a question until the graph changes, also by way of another instance', async () => {
    await using folder = await stateFolder();
    const kv = await openState(folder.path);
    {
      await using one = await startRegistry(kv);
      await using other = await startRegistry(kv);
      await one.as('catalog').publish({ service: 'catalog', sdl: CATALOG, version });
      const known = (await one.as('graph').getSupergraph({})).supergraph?.sha256 ?? '';
      const waiting = one.as('graph').getSupergraph({ knownSha256: known, waitMs: 10_000 }, { deadlineMs: 15_000 });
      await other.as('plans').publish({ service: 'plans', sdl: 'type Query { plans: Int }', version });
      assert.deepEqual((await waiting).supergraph?.services, ['catalog', 'plans']);
      assert.equal(
        (await one.as('graph').getSupergraph({ knownSha256: (await waiting).supergraph?.sha256 ?? '', waitMs: 50 })).supergraph,
        undefined,
      );
    }
    await kv.close();
  });

  it('sends away who waits as soon as it drains, and still composes', async () => {
    await using folder = await stateFolder();
    const kv = await openState(folder.path);
    {
      await using one = await startRegistry(kv);
      await one.as('catalog').publish({ service: 'catalog', sdl: CATALOG, version });
      const known = (await one.as('graph').getSupergraph({})).supergraph?.sha256 ?? '';
      const waiting = one.as('graph').getSupergraph({ knownSha256: known, waitMs: 20_000 }, { deadlineMs: 25_000 });
      const sentAway = assert.rejects(waiting, { code: 'unavailable', message: /going away/ });
      // Answered after the question above, which came by the same way before it.
      await one.as('graph').getSupergraph({});
      await one.drain();
      await sentAway;
      const sdl = 'type Query { plans: Int }';
      assert.equal((await one.as('plans').publish({ service: 'plans', sdl, version })).reasons.length, 0);
    }
    await kv.close();
  });

  it('composes from all that were published at once by several instances', async () => {
    await using folder = await stateFolder();
    const kv = await openState(folder.path);
    {
      await using one = await startRegistry(kv);
      await using other = await startRegistry(kv);
      const services = ['catalog', 'home', 'plans', 'playback'];
      const accepted = await Promise.all(
        services.map((service, n) =>
          (n % 2 === 0 ? one : other).as(service).publish({ service, sdl: `type Query { of_${service}: Int }`, version }),
        ),
      );
      assert.deepEqual(
        accepted.map((each) => each.accepted),
        [true, true, true, true],
      );
      await one.as('catalog').publish({ service: 'catalog', sdl: 'type Query { of_catalog: Int }', version });
      const { supergraph } = await one.as('graph').getSupergraph({});
      assert.deepEqual([supergraph?.services, supergraph?.graphVersion], [services, 4]);
    }
    await kv.close();
  });

  it('has the same graph after a restart', async () => {
    await using folder = await stateFolder();
    const kv = await openState(folder.path);
    const graphs = [];
    for (let run = 0; run < 2; run += 1) {
      await using registry = await startRegistry(kv);
      if (run === 0) await registry.as('catalog').publish({ service: 'catalog', sdl: CATALOG, version });
      graphs.push((await registry.as('graph').getSupergraph({})).supergraph);
    }
    await kv.close();
    assert(graphs[0] !== undefined);
    assert.deepEqual(graphs[0], graphs[1]);
  });
});

async function started(): Promise<{ readonly registry: Awaited<ReturnType<typeof startRegistry>> } & AsyncDisposable> {
  const stack = new AsyncDisposableStack();
  const folder = stack.use(await stateFolder());
  const kv = stack.adopt(await openState(folder.path), (store) => store.close());
  const registry = stack.use(await startRegistry(kv));
  return { registry, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}
