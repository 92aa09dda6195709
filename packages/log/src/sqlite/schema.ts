/** "BioL": marks the file as a log of this package. */
export const APPLICATION_ID = 0x42_69_6f_4c;

/**
 * Offsets count from 0 in each partition. A group's `next_offset` is the first record that it has not finished. A partition is held by a
 * member for as long as the member's row lives.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE topics (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, partitions INTEGER NOT NULL);

  CREATE TABLE partitions (
    topic INTEGER NOT NULL, partition INTEGER NOT NULL,
    first_offset INTEGER NOT NULL, next_offset INTEGER NOT NULL, bytes INTEGER NOT NULL,
    PRIMARY KEY (topic, partition)
  ) WITHOUT ROWID;

  CREATE TABLE records (
    topic INTEGER NOT NULL, partition INTEGER NOT NULL, offset INTEGER NOT NULL,
    key BLOB NOT NULL, type TEXT NOT NULL, value BLOB NOT NULL, recorded_at INTEGER NOT NULL,
    origin_stream BLOB, origin_sequence INTEGER,
    PRIMARY KEY (topic, partition, offset)
  ) WITHOUT ROWID;
  CREATE UNIQUE INDEX records_origin ON records (topic, origin_stream, origin_sequence) WHERE origin_stream IS NOT NULL;

  CREATE TABLE group_partitions (
    topic INTEGER NOT NULL, group_name TEXT NOT NULL, partition INTEGER NOT NULL,
    next_offset INTEGER NOT NULL, member TEXT, fence INTEGER NOT NULL,
    PRIMARY KEY (topic, group_name, partition)
  ) WITHOUT ROWID;

  CREATE TABLE members (
    topic INTEGER NOT NULL, group_name TEXT NOT NULL, member TEXT NOT NULL, process TEXT NOT NULL, until INTEGER NOT NULL,
    PRIMARY KEY (topic, group_name, member)
  ) WITHOUT ROWID;
  `,
];
