import assert from 'node:assert/strict';
import { it } from 'node:test';

import { readConfig } from './config.ts';

it('works without any setting', () => {
  const { policyFolder, grantsPerRecord, sourceDeadlineMs } = readConfig({});
  assert.match(policyFolder, /services[/\\]access[/\\]policies$/);
  assert.deepEqual({ grantsPerRecord, sourceDeadlineMs }, { grantsPerRecord: 100, sourceDeadlineMs: 400 });
});

it('names every setting that is wrong at once', () => {
  assert.throws(
    () => readConfig({ BIOSCOPE_ACCESS_GRANTS_PER_RECORD: '0', BIOSCOPE_ACCESS_SOURCE_DEADLINE_MS: 'soon' }),
    /GRANTS_PER_RECORD is "0".*SOURCE_DEADLINE_MS is "soon"/,
  );
});
