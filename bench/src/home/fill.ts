import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { CatalogService, EditorialService, GENRES } from '@bioscope/catalog/contract';
import { HomeService, RowKind, Thumb } from '@bioscope/home/contract';
import { PlaybackService } from '@bioscope/playback/contract';
import type { RpcHost } from '@bioscope/rpc';
import { PASSPORTS } from './ground.ts';
import { madeEdition, madeJpeg } from './made-film.ts';

/** Who opens the home page. Without members playback knows its viewers by an id that the player makes up: here that of the profile. */
export const MEMBER = {
  accountId: 'account-of-the-bench',
  profileId: 'profile-of-the-bench',
  deviceId: 'device-of-the-bench',
  sessionId: 'session-of-the-bench',
  country: 'DE',
  planTier: '',
  isKids: false,
  isOperator: false,
  assurance: 'session',
  epoch: 0,
} as const;

/** Who describes the films. */
const OPERATOR = { accountId: 'operator-of-the-bench', isOperator: true };

/** So many that home need not show a title twice. */
const TITLES = 60;
const AT_ONCE = 4;
const GENRES_USED = 8;
const WATCHED = 6;
const LISTED = 8;
/** A busy machine is slow, not broken. */
const CALL = { deadlineMs: 20_000, idempotent: true } as const;
const SETTLED_MS_MAX = 60_000;

/** Films for everybody, rated and with pictures, each playable. Answers their ids. */
export async function fillCatalogue(rpc: RpcHost): Promise<readonly string[]> {
  const catalog = rpc.as('studio').client(CatalogService);
  const editorial = rpc.as('gateway').client(EditorialService);
  const titleIds = Array.from({ length: TITLES }, (_, index) => `film-${String(index).padStart(3, '0')}-of-the-bench`);
  const queue = titleIds.entries();
  async function fill(): Promise<void> {
    for (const [index, titleId] of queue) {
      const genres = [GENRES[index % GENRES_USED] ?? 'drama', GENRES[(index * 3 + 1) % GENRES_USED] ?? 'drama'];
      await catalog.createTitle({ titleId, name: `The film of number ${index}`, synopsis: SYNOPSIS, year: 1_960 + index }, CALL);
      const translations = { translations: [{ language: 'de', name: `Der Film Nummer ${index}`, synopsis: SYNOPSIS }] };
      await editorial.describeTitle(
        { titleId, synopsisShort: SYNOPSIS.slice(0, 120), genres: { ids: [...new Set(genres)] }, rating: { maturity: 0 }, translations },
        { ...CALL, within: PASSPORTS.within(OPERATOR) },
      );
      await catalog.setArtwork({ titleId, poster: madeJpeg(600, 900, index), backdrop: madeJpeg(1_280, 720, index) }, CALL);
      await catalog.publishEdition({ edition: madeEdition(titleId) }, CALL);
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, fill));
  return titleIds;
}

const SYNOPSIS =
  'Somebody comes to a town by the sea and finds that nobody there remembers the winter of the great storm, although its marks are on every door. '.repeat(
    2,
  );

/** The member watches some, has some in the list, likes one and dislikes another. Resolves when home shows all of it. */
export async function watchAndChoose(rpc: RpcHost, titleIds: readonly string[]): Promise<void> {
  const gateway = rpc.as('gateway');
  await until('home knows the catalogue', async () => (await homeNow()).cards.length > 0);

  const playback = gateway.client(PlaybackService);
  for (const [index, titleId] of titleIds.slice(0, WATCHED).entries()) {
    const { outcome } = await playback.startSession({ titleId, viewerId: MEMBER.profileId }, CALL);
    assert.equal(outcome.case, 'granted', `${titleId} cannot be watched`);
    const { sessionId } = outcome.value;
    await playback.heartbeat({ sessionId, positionMs: (index + 10) * 60_000, playing: true }, CALL);
    await playback.endSession({ sessionId, positionMs: (index + 11) * 60_000 }, CALL);
  }
  for (const titleId of titleIds.slice(-LISTED)) await home().addToList({ titleId }, asMember());
  await home().setThumb({ titleId: titleIds[0] ?? '', thumb: Thumb.UP }, asMember());
  await home().setThumb({ titleId: titleIds.at(-1) ?? '', thumb: Thumb.DOWN }, asMember());
  await until('home knows what was watched', async () => {
    const sizes = new Map((await homeNow()).rows.map(({ kind, titleIds: shown }) => [kind, shown.length]));
    return sizes.get(RowKind.CONTINUE) === WATCHED && sizes.get(RowKind.LIST) === LISTED && sizes.get(RowKind.POPULAR) === WATCHED;
  });

  function home() {
    return gateway.client(HomeService);
  }
  /** A passport is for one request. */
  function asMember() {
    return { ...CALL, within: PASSPORTS.within(MEMBER) };
  }
  async function homeNow() {
    return await home().getHome({}, asMember());
  }
}

async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  const endMs = performance.now() + SETTLED_MS_MAX;
  for (;;) {
    const isMet = await condition().catch((fault: unknown) => {
      if (performance.now() > endMs) throw fault;
      return false;
    });
    if (isMet) return;
    if (performance.now() > endMs) throw new Error(`waited in vain: ${what}`);
    await pause(100);
  }
}
