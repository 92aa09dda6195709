import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { it } from 'node:test';

import { DEGRADED_HEIGHT_MAX, FALLBACKS, OTHERWISES } from '../src/domain/fallbacks.ts';

it('the README states every fallback as it is, and no other', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const stated = readme.split('\n').filter((line) => / · /.test(line) && line.startsWith('|'));
  const rows = Object.entries(FALLBACKS).flatMap(([action, table]) =>
    Object.entries(table).map(([signal, { lastKnownMsMax, degradedMsMax, otherwise }]) => {
      const degraded = degradedMsMax > lastKnownMsMax ? `, to ${degradedMsMax / 60_000} min at ${DEGRADED_HEIGHT_MAX} lines` : '';
      return `| ${action} · ${signal} | ${lastKnownMsMax / 60_000} min${degraded} | ${OTHERWISES[otherwise]} |`;
    }),
  );
  assert.deepEqual(stated, rows);
});
