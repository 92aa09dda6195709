import { createPauses } from '../src/index.ts';

/** Pauses the process that is named, says so, and waits to be killed. */
await createPauses().pause(Number(process.argv[2]), 60_000);
process.stdout.write('paused\n');
setInterval(() => undefined, 60_000);
