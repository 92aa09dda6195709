import { CatalogService } from '@bioscope/catalog/contract';
import { PlaybackService } from '@bioscope/playback/contract';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NOBODY, type Bearer } from './bearer.ts';
import { CallError } from './call-error.ts';
import { createCall } from './call.ts';
import { hostsFrom } from './hosts.ts';

type Needs = Parameters<typeof createCall>[0];

const HOSTS = hostsFrom({ protocol: 'http:', host: 'app.localhost:8080' });

/** A network that answers from a list; the last answer repeats. */
function network(...answers: (() => Response | Promise<Response>)[]): {
  needs: Needs;
  urls: string[];
  bodies: string[];
  pauses: number[];
} {
  const urls: string[] = [];
  const bodies: string[] = [];
  const pauses: number[] = [];
  const needs: Needs = {
    hosts: HOSTS,
    fetch: async (url, init) => {
      urls.push(url);
      assert.ok(typeof init.body === 'string');
      bodies.push(init.body);
      const answer = answers[Math.min(urls.length, answers.length) - 1];
      assert.ok(answer);
      init.signal?.throwIfAborted();
      return answer();
    },
    sleep: async (ms) => {
      pauses.push(ms);
    },
    random: () => 1,
    bearer: NOBODY,
  };
  return { needs, urls, bodies, pauses };
}

const json = (status: number, value: unknown): Response => Response.json(value, { status, headers: { 'x-request-id': 'r-1' } });
const nobody = (): Promise<Response> => Promise.reject(new TypeError('Failed to fetch'));

describe('the hosts of the services', () => {
  it('are neighbours of the page: app. becomes api. and play.', () => {
    assert.deepEqual(HOSTS, { api: 'http://api.localhost:8080', play: 'http://play.localhost:8080' });
  });
  it('hang below the page’s own name when it has no app. prefix', () => {
    assert.equal(hostsFrom({ protocol: 'https:', host: 'films.example' }).api, 'https://api.films.example');
  });
});

describe('a call', () => {
  it('goes to the api door as Connect JSON and reads the typed answer', async () => {
    const { needs, urls, bodies } = network(() => json(200, { title: { id: 't1', name: 'Nosferatu' } }));
    const reply = await createCall(needs)(CatalogService.method.getTitle, { titleId: 't1' });
    assert.equal(reply.title?.name, 'Nosferatu');
    assert.deepEqual(urls, ['http://api.localhost:8080/bioscope.catalog.v1.CatalogService/GetTitle']);
    assert.deepEqual(JSON.parse(bodies[0] ?? ''), { titleId: 't1' });
  });

  it('about playback goes to the play door', async () => {
    const { needs, urls } = network(() => json(200, {}));
    await createCall(needs)(PlaybackService.method.listBookmarks, { viewerId: 'v'.repeat(16) });
    assert.equal(new URL(urls[0] ?? '').host, 'play.localhost:8080');
  });

  it('understands answers of a newer server that says more', async () => {
    const { needs } = network(() => json(200, { titles: [], somethingNew: true }));
    assert.deepEqual((await createCall(needs)(CatalogService.method.listTitles, {})).titles, []);
  });

  it('is sent again, later and later, while nobody answers', async () => {
    const { needs, urls, pauses } = network(
      nobody,
      () => json(503, { code: 'unavailable' }),
      () => json(200, { titles: [] }),
    );
    await createCall(needs)(CatalogService.method.listTitles, {});
    assert.equal(urls.length, 3);
    assert.deepEqual(pauses, [250, 500]);
  });

  it('gives up after its attempts and says that nobody answered', async () => {
    const { needs, urls } = network(nobody);
    await assert.rejects(createCall(needs)(CatalogService.method.listTitles, {}), (error: unknown) => {
      assert.ok(error instanceof CallError);
      assert.equal(error.failure, 'offline');
      return true;
    });
    assert.equal(urls.length, 3);
  });

  it('is not repeated when the service refused it, and keeps the reason and request id', async () => {
    const { needs, urls } = network(() => json(404, { code: 'not_found', message: 'no such title' }));
    await assert.rejects(createCall(needs)(CatalogService.method.getTitle, { titleId: 'x' }), (error: unknown) => {
      assert.ok(error instanceof CallError);
      assert.equal(error.failure, 'missing');
      assert.equal(error.message, 'no such title');
      assert.equal(error.requestId, 'r-1');
      return true;
    });
    assert.equal(urls.length, 1);
  });

  it('that never answers ends at its deadline as slow', async () => {
    const { needs } = network(() => json(200, {}));
    const silent: Needs = {
      ...needs,
      fetch: (_url, init) =>
        new Promise((_resolve, reject) => init.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error))),
    };
    await assert.rejects(createCall(silent)(CatalogService.method.listTitles, {}, { deadlineMs: 20, attemptsMax: 1 }), (error: unknown) => {
      assert.ok(error instanceof CallError);
      assert.equal(error.failure, 'slow');
      return true;
    });
  });

  it('that was cancelled by its caller is not repeated', async () => {
    const { needs, urls } = network(() => json(200, {}));
    const reason = new Error('left the page');
    await assert.rejects(createCall(needs)(CatalogService.method.listTitles, {}, { signal: AbortSignal.abort(reason) }), reason);
    assert.equal(urls.length, 1);
  });

  it('whose answer is not what was agreed fails as broken, without a retry', async () => {
    const { needs, urls } = network(() => json(200, { titles: 'many' }));
    await assert.rejects(
      createCall(needs)(CatalogService.method.listTitles, {}),
      (error: unknown) => error instanceof CallError && error.failure === 'broken',
    );
    assert.equal(urls.length, 1);
  });

  it('says who asks, and once more with another token when the first has run out', async () => {
    const sent: (string | undefined)[] = [];
    const bearer: Bearer = { token: () => 'old', renew: async (refused) => (refused === 'old' ? 'new' : '') };
    const { needs } = network();
    const fetch = async (_url: string, { headers }: RequestInit): Promise<Response> => {
      const { authorization } = headers as Record<string, string>;
      sent.push(authorization);
      const refused = { status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } };
      return authorization === 'Bearer new' ? json(200, { titles: [] }) : Response.json({ code: 'unauthenticated' }, refused);
    };
    await createCall({ ...needs, bearer, fetch })(CatalogService.method.listTitles, {});
    assert.deepEqual(sent, ['Bearer old', 'Bearer new']);
    const signedOut = { ...bearer, renew: async () => '' };
    await assert.rejects(
      createCall({ ...needs, bearer: signedOut, fetch })(CatalogService.method.listTitles, {}),
      (error: unknown) => error instanceof CallError && error.code === 'unauthenticated',
    );
    assert.equal(sent.length, 3);
  });
});
