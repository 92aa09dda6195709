import { CatalogService } from '@bioscope/catalog/contract';
import type { Title } from '@bioscope/catalog/contract';
import { Complaint, DATA_OPTION, EXIT, flag, JSON_OPTION } from '../command.ts';
import type { Command } from '../command.ts';
import { allTitles } from '../service/all-titles.ts';
import { runningService } from '../service/running-service.ts';

export const remove: Command = {
  name: 'remove',
  about: 'remove a title and all its files',
  usage: 'remove TITLE [--json] [--data DIR]     (TITLE: its id, or its exact name)',
  options: { json: JSON_OPTION, data: DATA_OPTION },
  words: { min: 1, max: 1 },
  async run(invocation) {
    const { api } = runningService(invocation);
    const title = chooseTitle(await allTitles(api), invocation.words[0] ?? '');
    await api.call(CatalogService.method.removeTitle, { titleId: title.id });
    const removed = { id: title.id, name: title.name };
    invocation.terminal.out(flag(invocation, 'json') ? `${JSON.stringify(removed)}\n` : `removed "${title.name}" (${title.id})\n`);
    return EXIT.done;
  },
};

/** The title with this id, else the only one with this exact name. Complains with the choices when there are several. */
export function chooseTitle<T extends Pick<Title, 'id' | 'name'>>(titles: readonly T[], wanted: string): T {
  const byId = titles.find((title) => title.id === wanted);
  if (byId !== undefined) return byId;
  const named = titles.filter((title) => title.name === wanted);
  const [only] = named;
  if (only === undefined) throw new Complaint(`there is no title "${wanted}"; "bioscope list" shows them`);
  if (named.length === 1) return only;
  const choices = named.map((title) => `  ${title.id}  ${title.name}`).join('\n');
  throw new Complaint(`${named.length} titles are named "${wanted}": remove one by its id\n${choices}`);
}
