/** Run by fill.test.ts: an appliance whose only download stops half way and says so, to be killed there. */
import { fakeControl, fakeOrigin, seededFile, startTestAppliance } from './harness.ts';

const [control, origin] = [fakeControl(), fakeOrigin()];
const film = seededFile('240p.mp4', 1_000_000);
origin.put('e1', film);
origin.beforePiece = (_, piece) => {
  if (piece < 8) return Promise.resolve();
  process.stdout.write('half way\n');
  return new Promise(() => undefined);
};
control.hold('e1', [film]);
await startTestAppliance({ control, origin }, { id: 'a1', folder: process.argv[2] ?? '' });
