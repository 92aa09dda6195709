import assert from 'node:assert/strict';
import { it } from 'node:test';

import { readConfig } from './config.ts';

it('the settings of billing have defaults, and say what is wrong with them', () => {
  assert.equal(readConfig({}).processorMsMax, 4_000);
  assert.ok(readConfig({}).answerMsMax > 2 * readConfig({}).processorMsMax);
  for (const wrong of ['soon', '0', '1.5', '99999'])
    assert.throws(() => readConfig({ BIOSCOPE_PROCESSOR_MS: wrong }), /BIOSCOPE_PROCESSOR_MS is/);
});
