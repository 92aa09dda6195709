import { openCassandraKv } from '../src/cassandra/index.ts';
import { bytes } from '../src/text.ts';
import { lifeOf, type Step } from './cassandra-lives.ts';

// Writes without end, says after each acknowledged step which one it was, and expects to be killed at any moment.
const [contactPoint = '', localDataCentre = '', keyspace = '', life = ''] = process.argv.slice(2);
const store = await openCassandraKv({ contactPoints: [contactPoint], localDataCentre, keyspace });
process.stdout.write('open\n');
for (let next = 1; ; next += 1) {
  for (const step of lifeOf(Number(life), next)) {
    await take(step);
    process.stdout.write(`${step.kind} ${next}\n`);
  }
}

async function take(step: Step): Promise<void> {
  if (step.kind === 'append') await store.streams.append({ ...step.request, events: [{ type: 'happened', data: bytes(step.text) }] });
  else if (step.kind === 'put') await store.items.put(step.request);
  else if (step.request.expectedVersion === 0) await store.registers.create({ ...step.request, value: bytes(step.text) });
  else await store.registers.compareAndSet({ ...step.request, value: bytes(step.text) });
}
