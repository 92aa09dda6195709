import { writeSync } from 'node:fs';
import { openKafkaLog } from '../src/kafka/index.ts';
import { countUp } from './kafka-workload.ts';

// Started by kafka-processes.test.ts and killed by it: counts up under each key from where the last one was acknowledged, and says each acknowledgement.

const [brokers = '', topicPrefix = '', keys = '', from = '{}'] = process.argv.slice(2);
const log = await openKafkaLog({ brokers: brokers.split(','), topicPrefix });
countUp(log, 'counted', {
  keys: Number(keys),
  from: new Map(Object.entries(JSON.parse(from) as Record<string, number>)),
  // A synchronous write: once it returns, the line is in the pipe and survives us.
  said: (key, count) => void writeSync(1, `${key} ${count}\n`),
});
