import type { Question } from '../src/domain/question.ts';
import type { Asker, DeviceRanks, Entitlement, Learned, ProfileFacts, TitleFacts } from '../src/domain/signals.ts';
import type { LearnedOfViewer } from '../src/domain/viewer.ts';

/** Builders of test data: a member of the premium plan with a grown-up profile, in Germany. */
export const NOW_MS = Date.UTC(2026, 10, 27, 12);

export const MEMBER: Asker = {
  accountId: 'account-1',
  profileId: 'profile-1',
  deviceId: 'device-1',
  isKids: false,
  isOperator: false,
  assurance: 'session',
  country: 'DE',
  countryFrom: 'payment',
};

export const PREMIUM: Entitlement = {
  standing: 'entitled',
  heightMax: 2160,
  streamsMax: 4,
  downloadDevicesMax: 6,
  devicesMax: 5,
  changesAtMs: 0,
};
export const GROWN_UP: ProfileFacts = { id: 'profile-1', ceiling: 18, isKids: false, hasEntryPin: false };
export const FILM: TitleFacts = {
  isPlayable: true,
  maturity: 12,
  windows: [{ country: '*', fromMs: 0, untilMs: 0 }],
  heightMax: 1080,
};

export function fresh<T>(value: T): Learned<T> {
  return { value, learnedAtMs: NOW_MS, isFresh: true };
}

/** As the source told it so long ago; it does not answer now. */
export function old<T>(value: T, ageMs: number): Learned<T> {
  return { value, learnedAtMs: NOW_MS - ageMs, isFresh: false };
}

export function household(profile: ProfileFacts = GROWN_UP, { hasAccountPin = false, country = '' } = {}): LearnedOfViewer['household'] {
  return fresh({ hasAccountPin, country, profiles: [profile] });
}

/** These devices are signed in, in this order. */
export function ranks(...deviceIds: readonly string[]): DeviceRanks {
  return new Map(deviceIds.map((id, place) => [id, place + 1]));
}

type Play = Extract<Question, { action: 'play' }>;
type Download = Extract<Question, { action: 'download' }>;

export function browse(facts: TitleFacts | null = FILM): Question {
  return { action: 'browse', title: { id: 'title-1', facts: { confidence: 'fresh', value: facts, learnedAtMs: NOW_MS } } };
}

export function play(facts: TitleFacts | null = FILM, more: Partial<Play> = {}): Play {
  const title = { id: 'title-1', facts: { confidence: 'fresh', value: facts, learnedAtMs: NOW_MS } } as const;
  return { action: 'play', title, height: 0, streamsInUse: 0, ...more };
}

export function download(facts: TitleFacts | null = FILM, more: Partial<Download> = {}): Download {
  const title = { id: 'title-1', facts: { confidence: 'fresh', value: facts, learnedAtMs: NOW_MS } } as const;
  return { action: 'download', title, height: 0, devicesInUse: 0, ...more };
}
