import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { readConfig } from './config.ts';

describe('the settings of the graph gateway', () => {
  it('have defaults, and run only what apps were built with', () => {
    assert.deepEqual(readConfig({}), { isOpen: false, operationFiles: [], requestMs: 5_000, fetchMs: 2_000, fetchesMax: 128 });
  });

  it('name every problem at once', () => {
    assert.throws(
      () => readConfig({ BIOSCOPE_GRAPH_OPEN: 'yes', BIOSCOPE_GRAPH_FETCH_MS: '0', BIOSCOPE_GRAPH_FETCHES: 'many' }),
      /BIOSCOPE_GRAPH_OPEN is "yes".*BIOSCOPE_GRAPH_FETCH_MS is "0".*BIOSCOPE_GRAPH_FETCHES is "many"/,
    );
  });
});
