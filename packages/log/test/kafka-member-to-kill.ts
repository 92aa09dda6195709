import { writeSync } from 'node:fs';
import { openKafkaLog } from '../src/kafka/index.ts';
import { numberOf } from './kafka-workload.ts';

// Started by kafka-processes.test.ts and killed by it: one member of a group. Says on stdout when it handled what, each batch in one line.

const [brokers = '', topicPrefix = ''] = process.argv.slice(2);
const log = await openKafkaLog({ brokers: brokers.split(','), topicPrefix });
log.subscribe({ topic: 'counted', group: 'g' }, async (records) => {
  writeSync(1, `${Date.now()} ${records.map((record) => `${record.key} ${numberOf(record)}`).join(',')}\n`);
});
