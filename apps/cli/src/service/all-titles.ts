import { CatalogService } from '@bioscope/catalog/contract';
import type { Title } from '@bioscope/catalog/contract';
import type { Api } from './api.ts';

/** Far above what the catalogue holds (10 000 titles), so that a listing that goes round ends. */
const PAGES_MAX = 1_000;

/** Every title, newest first. */
export async function allTitles(api: Api): Promise<Title[]> {
  const titles: Title[] = [];
  let cursor = '';
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const answer = await api.call(CatalogService.method.listTitles, { cursor });
    titles.push(...answer.titles);
    cursor = answer.nextCursor;
    if (cursor === '') return titles;
  }
  throw new Error(`the list of titles does not end after ${PAGES_MAX} pages`);
}
