import type { Packer, SqliteProgram } from '@bioscope/kv/sqlite-worker';
import { groupOperations } from './groups-writer.ts';
import { NOTICE } from './operations.ts';
import { logReads } from './reader.ts';
import { publishOperation, recordAppender } from './records-writer.ts';
import { retentionOperation } from './retention.ts';
import { APPLICATION_ID, MIGRATIONS } from './schema.ts';
import { createTopics } from './topics.ts';

/** The log inside its threads. */
export const program: SqliteProgram = {
  applicationId: APPLICATION_ID,
  migrations: MIGRATIONS,
  prepare(database, context) {
    const topics = createTopics(database);
    if (context.mode === 'read') return { operations: logReads(database, topics) };
    // Who must hear of this transaction once it is committed; told once per topic.
    const published = new Set<string>();
    const regrouped = new Set<string>();
    const append = recordAppender(database, (topic) => published.add(topic));
    const notice = (kind: number, topic: string) => (packer: Packer) => {
      packer.u8(kind);
      packer.text(topic);
    };
    return {
      operations: {
        ...publishOperation(topics, append),
        ...groupOperations(database, topics, append, (topic) => regrouped.add(topic)),
        ...retentionOperation(database),
      },
      beforeCommit() {
        for (const topic of published) context.notify(notice(NOTICE.published, topic));
        for (const topic of regrouped) context.notify(notice(NOTICE.groupChanged, topic));
        published.clear();
        regrouped.clear();
      },
      rolledBack() {
        topics.rolledBack();
        published.clear();
        regrouped.clear();
      },
    };
  },
};
