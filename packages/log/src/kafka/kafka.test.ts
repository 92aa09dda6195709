import { engineForTests, engineMissing } from '@bioscope/engines/testing';
import { describeLogConformance } from '../conformance/index.ts';
import { openOwnTopics } from '../../test/own-topics.ts';

describeLogConformance(
  'the Kafka engine',
  async () => {
    const kafka = await engineForTests('kafka');
    const open = openOwnTopics(kafka.addresses.bootstrap);
    let log = await open();
    return {
      log,
      async reopen() {
        await log.close();
        log = await open();
        return log;
      },
      async close() {
        await log.close();
        await kafka.release();
      },
    };
  },
  { skip: engineMissing('kafka') },
);
