import { openStorage } from './storage-process.ts';

// Started by the tests, and killed or paused by them: a process that holds the store. Says where it listens.

const [folder = '', port = '0', secret = ''] = process.argv.slice(2);
const storage = await openStorage({ folder, port: Number(port), secret });
process.stdout.write(`${storage.address}\n`);
