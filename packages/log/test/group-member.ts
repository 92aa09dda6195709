import { utf8 } from '@bioscope/kv';
import { openLog } from '../src/sqlite/index.ts';

// Started by processes.test.ts: one member of a group in a process of its own. Says on stdout what it handled.

const [folder = ''] = process.argv.slice(2);
const log = await openLog({ folder });
log.subscribe({ topic: 'shared', group: 'g' }, async (records) => {
  for (const { value } of records) process.stdout.write(`${utf8(value)}\n`);
});
