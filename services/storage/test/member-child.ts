import { utf8 } from '@bioscope/kv';
import { connectTo } from './running-storage.ts';

// Started by members.test.ts and killed by it: one member of a group in a process of its own. Says on stdout what it handled.

const [address = '', secret = '', folder = ''] = process.argv.slice(2);
const { log } = await connectTo({ address, secret, folder });
log.subscribe({ topic: 'shared', group: 'g' }, async (records) => {
  for (const { value } of records) process.stdout.write(`${utf8(value)}\n`);
});
