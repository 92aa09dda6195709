import { CLOCK, pause } from '../clock.ts';
import type { Credentials } from '../options.ts';
import { seededRandom, stableHash } from '../random.ts';
import { openChromium, type Devtools } from './devtools.ts';

export type BrowserViewersOptions = {
  readonly count: number;
  /** Path of Chromium. */
  readonly executable: string;
  /** Origin of the app; its name must be known to the browser, as `*.localhost` is. */
  readonly app: string;
  readonly seed: number;
  /** Where the service has members; taken in turn. */
  readonly accounts?: readonly Credentials[];
  /** Of a film that are watched. */
  readonly watchMs: number;
};

/** What real players said of themselves, since the start. */
export type BrowserFigures = {
  readonly playing: number;
  /** Films that began to move, and those that did not within the time a person waits. */
  readonly begun: number;
  readonly failed: number;
  readonly stalls: number;
  readonly stallLongestMs: number;
};

export type BrowserViewers = { figures(): BrowserFigures; stop(): Promise<BrowserFigures> };

/** Each decodes a film: a few prove that the light viewers are not better off than real ones. */
const COUNT_MAX = 16;
const LOOK_EVERY_MS = 500;
const START_PATIENCE_MS = 20_000;
const AGAIN_AFTER_MS = 2_000;

/** A few viewers with our app and its player in real browsers, each with a profile of its own. Rejects when Chromium does not start. */
export async function startBrowserViewers(options: BrowserViewersOptions): Promise<BrowserViewers> {
  const { count, executable } = options;
  if (!Number.isInteger(count) || count < 1 || count > COUNT_MAX)
    throw new RangeError(`${count} browsers; a whole number from 1 to ${COUNT_MAX} is wanted`);
  const devtools = await openChromium(executable);
  await devtools.send('Browser.getVersion').catch(async (cause: unknown) => {
    await devtools.close();
    throw new Error(`${executable} does not start`, { cause });
  });
  const stopped = new AbortController();
  const sum = { begun: 0, failed: 0, stalls: 0, stallLongestMs: 0 };
  const playing = new Set<number>();
  const lives = Array.from({ length: count }, (_, index) =>
    live(options, devtools, index, stopped.signal, {
      begun: () => {
        sum.begun += 1;
        playing.add(index);
      },
      failed: () => (sum.failed += 1),
      left: () => playing.delete(index),
      stalled: (stalls, longestMs) => {
        sum.stalls += stalls;
        sum.stallLongestMs = Math.max(sum.stallLongestMs, longestMs);
      },
    }),
  );
  const figures = (): BrowserFigures => ({ ...sum, playing: playing.size });
  return {
    figures,
    async stop() {
      stopped.abort();
      await Promise.all(lives);
      await devtools.close();
      return figures();
    },
  };
}

type Told = { begun(): void; failed(): void; left(): void; stalled(more: number, longestMs: number): void };
type Page = { open(url: string): Promise<void>; read<T>(expression: string): Promise<T | undefined> };

async function live(options: BrowserViewersOptions, devtools: Devtools, index: number, signal: AbortSignal, told: Told): Promise<void> {
  const random = seededRandom(stableHash(`${options.seed}/browser/${index}`));
  const account = options.accounts?.[index % options.accounts.length];
  let page: Page | undefined;
  while (!signal.aborted) {
    try {
      page ??= await openPage(devtools, options.app, account);
      const film = await chooseFilm(page, options.app, random, signal);
      if (film !== undefined) await watchFilm(page, film, options.watchMs, signal, told);
    } catch {
      // The page broke, or the door was away: a person would load it again.
      if (!signal.aborted) told.failed();
    }
    told.left();
    await pause(CLOCK, AGAIN_AFTER_MS, signal);
  }
}

async function openPage(devtools: Devtools, app: string, account: Credentials | undefined): Promise<Page> {
  const { browserContextId } = await devtools.send('Target.createBrowserContext');
  const { targetId } = await devtools.send('Target.createTarget', { url: 'about:blank', browserContextId });
  const { sessionId } = await devtools.send('Target.attachToTarget', { targetId, flatten: true });
  const session = String(sessionId);
  const page: Page = {
    async open(url) {
      // An address that differs in its hash only would not be loaded anew.
      await devtools.send('Page.navigate', { url: 'about:blank' }, session);
      const { errorText } = await devtools.send('Page.navigate', { url }, session);
      if (typeof errorText === 'string') throw new Error(`${url}: ${errorText}`);
    },
    async read<T>(expression: string) {
      const answer = await devtools.send('Runtime.evaluate', { expression, returnByValue: true, awaitPromise: true }, session);
      return (answer['result'] as { value?: T } | undefined)?.value;
    },
  };
  if (account !== undefined) {
    await page.open(`${app}/`);
    await page.read(signInScript(account));
  }
  return page;
}

/** What the app's own form sends; then the app finds the session by its cookie, which it looks for where this mark is (apps/web/src/member/open-session.ts). */
function signInScript({ email, password }: Credentials): string {
  const device = { id: `browser-${stableHash(email).toString(16)}`, name: 'synthetic browser', kind: 'browser' };
  return `(async () => {
    const post = async (name, body) => (await fetch('/session/' + name, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-bioscope-app': '1' },
      body: JSON.stringify(body),
    })).json();
    const { account } = await post('sign-in', ${JSON.stringify({ email, password, device })});
    await post('profile/choose', { profileId: account.profiles.find((each) => !each.hasPin).id });
    localStorage.setItem('bioscope:member', 'synthetic');
  })()`;
}

/** One of those that the home page offers to play. */
async function chooseFilm(page: Page, app: string, random: () => number, signal: AbortSignal): Promise<string | undefined> {
  await page.open(`${app}/`);
  for (
    const untilMs = CLOCK.nowMs() + START_PATIENCE_MS;
    CLOCK.nowMs() < untilMs && !signal.aborted;
    await pause(CLOCK, LOOK_EVERY_MS, signal)
  ) {
    const found = await page.read<readonly string[]>(
      `[...document.querySelectorAll('a[href^="/watch/"]')].map((link) => link.href.split('#')[0])`,
    );
    if (found !== undefined && found.length > 0) return `${found[Math.floor(random() * found.length)]}#start`;
  }
  return undefined;
}

type Diagnostics = { readonly positionMs: number; readonly stallCount: number; readonly stallLongestMs: number };

async function watchFilm(page: Page, url: string, watchMs: number, signal: AbortSignal, told: Told): Promise<void> {
  await page.open(url);
  const openedAtMs = CLOCK.nowMs();
  let hasBegun = false;
  let stalls = 0;
  for (; !signal.aborted; await pause(CLOCK, LOOK_EVERY_MS, signal)) {
    const seen = await page.read<Diagnostics | null>('window.__bioscope ?? null');
    const isEnded = await page.read<boolean>(`document.querySelector('video')?.ended === true`);
    if (!hasBegun && (seen?.positionMs ?? 0) > 0) {
      hasBegun = true;
      told.begun();
    }
    told.stalled((seen?.stallCount ?? stalls) - stalls, seen?.stallLongestMs ?? 0);
    stalls = seen?.stallCount ?? stalls;
    if (!hasBegun && CLOCK.nowMs() - openedAtMs > START_PATIENCE_MS) {
      told.failed();
      return;
    }
    if (isEnded === true || (seen?.positionMs ?? 0) > watchMs) return;
  }
}
