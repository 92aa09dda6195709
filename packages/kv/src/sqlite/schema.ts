/** "BioK": marks the file as a store of this package. */
export const APPLICATION_ID = 0x42_69_6f_4b;

/**
 * One file, everything in it. Names are UTF-8 in BLOBs: they compare as unsigned bytes and may hold NUL. Times are milliseconds since the
 * epoch, a token is 8 bytes of microseconds and 16 of nonce, big-endian, so that tokens compare as bytes too.
 *
 * An item whose `value` is NULL is a tombstone. `until` of a live item is when it expires, of a tombstone when it may be forgotten.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE namespaces (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);

  CREATE TABLE items (
    namespace INTEGER NOT NULL, record BLOB NOT NULL, key BLOB NOT NULL,
    token BLOB NOT NULL, until INTEGER, value BLOB,
    PRIMARY KEY (namespace, record, key)
  ) WITHOUT ROWID;
  CREATE INDEX items_until ON items (until) WHERE until IS NOT NULL;

  CREATE TABLE range_tombstones (
    id INTEGER PRIMARY KEY, namespace INTEGER NOT NULL, record BLOB NOT NULL,
    from_key BLOB NOT NULL, to_key BLOB NOT NULL, token BLOB NOT NULL, until INTEGER NOT NULL
  );
  CREATE INDEX range_tombstones_record ON range_tombstones (namespace, record);
  CREATE INDEX range_tombstones_until ON range_tombstones (until);

  CREATE TABLE registers (
    namespace INTEGER NOT NULL, name BLOB NOT NULL,
    version INTEGER NOT NULL, value BLOB, created_by BLOB NOT NULL, created_version INTEGER NOT NULL, until INTEGER,
    PRIMARY KEY (namespace, name)
  ) WITHOUT ROWID;
  CREATE INDEX registers_until ON registers (until) WHERE until IS NOT NULL;

  CREATE TABLE register_commands (
    namespace INTEGER NOT NULL, name BLOB NOT NULL, command BLOB NOT NULL,
    succeeded INTEGER NOT NULL, version INTEGER, value BLOB, until INTEGER NOT NULL,
    PRIMARY KEY (namespace, name, command)
  ) WITHOUT ROWID;
  CREATE INDEX register_commands_until ON register_commands (until);

  CREATE TABLE leases (
    namespace INTEGER NOT NULL, name BLOB NOT NULL, holder BLOB NOT NULL, fence INTEGER NOT NULL, until INTEGER NOT NULL,
    PRIMARY KEY (namespace, name)
  ) WITHOUT ROWID;
  CREATE INDEX leases_until ON leases (until);
  CREATE TABLE last_fence (only INTEGER PRIMARY KEY CHECK (only = 1), fence INTEGER NOT NULL);
  INSERT INTO last_fence VALUES (1, 0);

  CREATE TABLE events (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    namespace INTEGER NOT NULL, stream BLOB NOT NULL, sequence INTEGER NOT NULL,
    type TEXT NOT NULL, data BLOB NOT NULL, command BLOB NOT NULL, ends_command INTEGER NOT NULL, recorded_at INTEGER NOT NULL
  );
  CREATE UNIQUE INDEX events_stream ON events (namespace, stream, sequence);
  CREATE UNIQUE INDEX events_command ON events (namespace, stream, command) WHERE ends_command = 1;
  CREATE INDEX events_namespace ON events (namespace, position);
  `,
];
