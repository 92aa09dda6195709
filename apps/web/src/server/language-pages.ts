import { setTimeout as pause } from 'node:timers/promises';

import type { Client } from '@bioscope/rpc';
import {
  BUNDLES,
  chooseLanguage,
  englishTexts,
  LAST_LANGUAGE,
  parseAcceptLanguage,
  type Bundle,
  type StringsService,
  type Texts,
  type TextsVersion,
} from '@bioscope/strings/contract';
import { madePage, type WebFiles } from '@bioscope/webapp';
import type { PageSettings } from './config.ts';
import { checkTemplate, renderPage, type Versions } from './render-page.ts';

export type LanguagePages = {
  /**
   * The app's files with its page for who accepts these languages, with texts that are at most a few seconds old. While strings does not answer: those it
   * last gave, or English.
   */
  filesFor(acceptLanguage: string): Promise<WebFiles>;
  close(): Promise<void>;
};

export type LanguagePagesNeeds = {
  readonly strings: Pick<Client<typeof StringsService>, 'listVersions' | 'getTexts'>;
  /** The built app. */
  readonly files: WebFiles;
  readonly settings: PageSettings;
  readonly log: { warn(fields: object, message: string): void };
};

/** Operators see their words in the app after about this long. */
const LOOK_EVERY_MS = 5_000;
const LOOK_AGAIN_FIRST_MS = 200;
/** How long the first visitors wait for their language after a start; then they get English. */
const FIRST_ANSWER_MS_MAX = 3_000;
/** Every language with every region that anybody gave words for; more is a fault of strings. */
const LANGUAGES_MAX = 200;

const PAGE = '/index.html';

/** Makes the app's page in every language, and anew whenever a text changes, until closed. Rejects when the built page has no places for texts. */
export async function openLanguagePages(needs: LanguagePagesNeeds): Promise<LanguagePages> {
  const { strings, files, settings, log } = needs;
  const template = files.get(PAGE)?.identity.bytes.toString() ?? '';
  checkTemplate(template);
  const closing = new AbortController();
  const first = Promise.withResolvers<void>();
  const patience = setTimeout(first.resolve, FIRST_ANSWER_MS_MAX).unref();
  let apps = await makeApps({ files, template, settings }, new Map([[LAST_LANGUAGE, ENGLISH]]), {});
  let known: readonly TextsVersion[] = [];
  let texts: LanguageTexts = new Map();

  const look = async (): Promise<void> => {
    const { versions } = await strings.listVersions({}, { idempotent: true, signal: closing.signal });
    if (sameVersions(versions, known)) return;
    texts = await readTexts(strings, { versions, known, texts }, closing.signal);
    apps = await makeApps({ files, template, settings }, texts, versionsByLanguage(versions));
    known = versions;
    first.resolve();
  };
  const following = (async () => {
    let nextMs = LOOK_AGAIN_FIRST_MS;
    let isSilent = false;
    while (!closing.signal.aborted) {
      try {
        await look();
        nextMs = LOOK_EVERY_MS;
        isSilent = false;
      } catch (err) {
        if (closing.signal.aborted) return;
        if (!isSilent && nextMs >= LOOK_EVERY_MS) log.warn({ err }, 'strings does not answer: pages keep the texts they have');
        isSilent ||= nextMs >= LOOK_EVERY_MS;
        nextMs = Math.min(nextMs * 2, LOOK_EVERY_MS);
      }
      await pause(nextMs, undefined, { signal: closing.signal, ref: false }).catch(() => undefined);
    }
  })();

  return {
    async filesFor(acceptLanguage) {
      await first.promise;
      const language = chooseLanguage(parseAcceptLanguage(acceptLanguage), [...apps.keys()]);
      const app = apps.get(language);
      if (app === undefined) throw new Error('there is no English page');
      return app;
    },
    async close() {
      clearTimeout(patience);
      first.resolve();
      closing.abort();
      await following;
    },
  };
}

type BundleTexts = Readonly<Record<Bundle, Texts>>;
type LanguageTexts = ReadonlyMap<string, BundleTexts>;

const ENGLISH: BundleTexts = { web: englishTexts('web'), refusals: englishTexts('refusals') };

/** Only what changed is asked for. */
async function readTexts(
  strings: LanguagePagesNeeds['strings'],
  has: { versions: readonly TextsVersion[]; known: readonly TextsVersion[]; texts: LanguageTexts },
  signal: AbortSignal,
): Promise<LanguageTexts> {
  const languages = [...new Set(has.versions.map(({ language }) => language))];
  if (languages.length > LANGUAGES_MAX)
    throw new RangeError(`strings has ${languages.length} languages; at most ${LANGUAGES_MAX} are read`);
  const read = new Map<string, BundleTexts>();
  for (const language of languages) {
    const entries: [Bundle, Texts][] = [];
    for (const bundle of BUNDLES) {
      const before = has.texts.get(language)?.[bundle];
      if (before !== undefined && versionOf(has.known, bundle, language) === versionOf(has.versions, bundle, language)) {
        entries.push([bundle, before]);
        continue;
      }
      const answer = await strings.getTexts({ bundle, languages: [language] }, { idempotent: true, signal });
      entries.push([bundle, answer.texts]);
    }
    read.set(language, { ...ENGLISH, ...Object.fromEntries(entries) });
  }
  return read;
}

async function makeApps(
  { files, template, settings }: { files: WebFiles; template: string; settings: PageSettings },
  texts: LanguageTexts,
  versions: Versions,
): Promise<ReadonlyMap<string, WebFiles>> {
  const apps = new Map<string, WebFiles>();
  for (const [language, bundles] of texts) {
    const page = await madePage(renderPage(template, { language, ...bundles }, versions, settings), language);
    apps.set(language, new Map([...files, [PAGE, page]]));
  }
  return apps;
}

function versionsByLanguage(versions: readonly TextsVersion[]): Versions {
  const languages = new Set(versions.map(({ language }) => language));
  return Object.fromEntries(
    [...languages].map((language) => [
      language,
      { web: versionOf(versions, 'web', language) ?? '', refusals: versionOf(versions, 'refusals', language) ?? '' },
    ]),
  );
}

function versionOf(versions: readonly TextsVersion[], bundle: string, language: string): string | undefined {
  return versions.find((each) => each.bundle === bundle && each.language === language)?.version;
}

function sameVersions(one: readonly TextsVersion[], other: readonly TextsVersion[]): boolean {
  return one.length === other.length && one.every(({ bundle, language, version }) => versionOf(other, bundle, language) === version);
}
