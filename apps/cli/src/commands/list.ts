import { TitleKind, TitleState } from '@bioscope/catalog/contract';
import type { Title } from '@bioscope/catalog/contract';
import { DATA_OPTION, EXIT, flag, JSON_OPTION } from '../command.ts';
import type { Command } from '../command.ts';
import { allTitles } from '../service/all-titles.ts';
import { runningService } from '../service/running-service.ts';
import { table } from '../table.ts';

export const list: Command = {
  name: 'list',
  about: 'list the titles',
  usage: 'list [--json] [--data DIR]',
  options: { json: JSON_OPTION, data: DATA_OPTION },
  words: { min: 0, max: 0 },
  async run(invocation) {
    const { api, run } = runningService(invocation);
    const titles = await allTitles(api);
    if (flag(invocation, 'json')) {
      invocation.terminal.out(`${JSON.stringify(titles.map((title) => describe(title, run.app)))}\n`);
      return EXIT.done;
    }
    if (titles.length === 0) {
      invocation.terminal.out('no titles yet: bioscope add FILE --title NAME\n');
      return EXIT.done;
    }
    const rows = titles.map((title) => [
      title.id,
      title.name,
      KINDS[title.kind] ?? '',
      duration(title.durationMs),
      stateText(title),
      heights(title),
    ]);
    invocation.terminal.out(table(['id', 'name', 'kind', 'length', 'state', 'heights'], rows));
    return EXIT.done;
  },
};

function describe(title: Title, app: string) {
  return {
    id: title.id,
    name: title.name,
    kind: KINDS[title.kind] ?? 'unknown',
    year: title.year,
    durationMs: title.durationMs,
    state: STATES[title.state] ?? 'unknown',
    failure: title.failure,
    prepared: title.prepared,
    heights: title.rungHeights,
    watchAt: `${app}/title/${title.id}`,
  };
}

const KINDS: Partial<Record<TitleKind, string>> = {
  [TitleKind.MOVIE]: 'movie',
  [TitleKind.SERIES]: 'series',
  [TitleKind.SEASON]: 'season',
  [TitleKind.EPISODE]: 'episode',
};

const STATES: Partial<Record<TitleState, string>> = {
  [TitleState.PREPARING]: 'preparing',
  [TitleState.PLAYABLE]: 'playable',
  [TitleState.FAILED]: 'failed',
};

function stateText(title: Title): string {
  const percent = `${Math.floor(title.prepared * 100)} %`;
  if (title.state === TitleState.FAILED) return `failed: ${title.failure}`;
  if (title.state === TitleState.PLAYABLE && title.prepared < 1) return `playable, ${percent} prepared`;
  return title.state === TitleState.PREPARING ? `preparing, ${percent}` : (STATES[title.state] ?? 'unknown');
}

function duration(ms: number): string {
  if (ms === 0) return '';
  const seconds = Math.round(ms / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
}

function heights(title: Title): string {
  return title.rungHeights.map((height) => `${height}p`).join(' ');
}
