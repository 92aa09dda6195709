import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';

import { README, withTable } from './readme-table.ts';

it('the README shows the table that the program goes by', () => {
  const readme = readFileSync(README, 'utf8');
  assert.ok(readme.includes('| **renew** |'));
  assert.equal(readme, withTable(readme));
});
