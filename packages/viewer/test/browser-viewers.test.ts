import assert from 'node:assert/strict';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as look } from 'node:timers/promises';
import { startBrowserViewers } from '../src/index.ts';
import { startFakeService, type FakeAnswer } from './fake-service.ts';

const executable = ['chromium', 'chromium-browser', 'google-chrome']
  .flatMap((name) => (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, name)))
  .find(isExecutable);
/** A browser on a busy machine takes its time. */
const WAIT_MS = 60_000;

const html = (body: string): FakeAnswer => ({ status: 200, body, headers: { 'content-type': 'text/html' } });
const HOME = html('<a href="/watch/one">Play</a>');
/** A player that moves on, and has stood once. */
const PLAYER = html(
  '<video></video><script>const began = Date.now(); Object.defineProperty(window, "__bioscope", { get: () => ({ positionMs: Date.now() - began, stallCount: 1, stallLongestMs: 1234 }) });</script>',
);

/** Seconds of a whole core. */
const skip =
  process.env['BIOSCOPE_TEST_ALL'] !== '1'
    ? 'a whole browser: ./bioscope test --all, or BIOSCOPE_TEST_ALL=1'
    : executable === undefined
      ? 'not installed: chromium'
      : false;

describe('viewers in real browsers', { skip, timeout: 120_000 }, () => {
  it('sign in, choose from the home page, and tell what the player says of itself', async (test) => {
    const service = await startFakeService({ segments: 1, segmentMs: 1_000 });
    test.after(() => service.close());
    service.disturb = ({ door, path }) => {
      if (path === '/session/sign-in')
        return { status: 200, body: '{"account":{"profiles":[{"id":"p0","hasPin":true},{"id":"p1","hasPin":false}]}}' };
      return door !== 'app' ? undefined : path.startsWith('/watch/') ? PLAYER : HOME;
    };
    const accounts = [{ email: 'ada@example.org', password: 'correct horse' }];
    const options = { count: 1, executable: executable ?? '', app: service.doors.app, seed: 1, accounts, watchMs: 300 };
    const viewers = await startBrowserViewers(options);
    test.after(() => viewers.stop());
    for (const untilMs = Date.now() + WAIT_MS; viewers.figures().begun < 2; await look(50))
      assert.ok(Date.now() < untilMs, JSON.stringify(viewers.figures()));
    const { begun, failed, stalls, stallLongestMs, playing } = await viewers.stop();
    assert.ok(begun >= 2);
    assert.deepEqual([failed, stallLongestMs, playing], [0, 1_234, 0]);
    assert.ok(stalls >= begun - 1 && stalls <= begun, `${stalls} stalls in ${begun} films`);
    assert.equal(service.seen.find(({ path }) => path === '/session/profile/choose')?.json['profileId'], 'p1');
  });

  it('are refused when there is no such browser', async () => {
    const options = { count: 1, executable: '/no/such/chromium', app: 'http://app.localhost:1', seed: 1, watchMs: 300 };
    await assert.rejects(startBrowserViewers(options), /does not start/);
  });
});

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
