import { readFileSync } from 'node:fs';
import { ITEM_CONSISTENCIES } from '@bioscope/kv/cassandra';
import type { CassandraKvOptions, ItemConsistency } from '@bioscope/kv/cassandra';
import type { S3BlobsOptions } from '@bioscope/blob/s3';
import type { KafkaLogOptions } from '@bioscope/log/kafka';
import { Complaint } from '../command.ts';
import type { Invocation } from '../command.ts';

export const ENGINES = ['cassandra', 'kafka', 's3'] as const;
export type Engine = (typeof ENGINES)[number];

/** Which state lies where; what is absent is embedded. */
export type EngineSettings = {
  readonly cassandra?: Pick<
    CassandraKvOptions,
    'contactPoints' | 'localDataCentre' | 'keyspace' | 'credentials' | 'tls' | 'itemConsistency' | 'isLocal'
  >;
  readonly kafka?: Pick<KafkaLogOptions, 'brokers' | 'topicPrefix' | 'tls' | 'sasl'>;
  readonly s3?: Omit<S3BlobsOptions, 'temporaryFolder'>;
};

type Environment = Invocation['environment'];

/** `cassandra,kafka,s3` in any order, as `--engines` and `BIOSCOPE_ENGINES` have them. Complains about what is none. */
export function parseEngines(text: string | undefined): readonly Engine[] {
  const names = (text ?? '').split(',').map((each) => each.trim());
  const unknown = names.filter((each) => each !== '' && !ENGINES.includes(each as Engine));
  if (unknown.length > 0) throw new Complaint(`there is no engine "${unknown.join('", "')}" (there are: ${ENGINES.join(', ')})`);
  return ENGINES.filter((each) => names.includes(each));
}

/**
 * Addresses and credentials of the chosen engines, from the environment (docs/operations/storage.md has the table). Complains about all problems at once,
 * naming each variable; secrets are never part of the message.
 */
export function readEngineSettings(environment: Environment, engines: readonly Engine[]): EngineSettings {
  const problems: string[] = [];
  const readers = { cassandra: readCassandra, kafka: readKafka, s3: readS3 };
  const settings = Object.fromEntries(engines.map((engine) => [engine, readers[engine](readerOf(environment, problems))]));
  if (problems.length > 0)
    throw new Complaint(
      `the engines are not configured ("bioscope engines up" starts some here and prints what to set):\n${problems.map((each) => `  ${each}`).join('\n')}`,
    );
  return settings;
}

type Reader = {
  /** A problem when it is missing. */
  needed(name: string, what: string): string;
  text(name: string): string | undefined;
  hosts(name: string, what: string): readonly string[];
  /** Encryption when asked for, with the system's certificate authorities or one of the operator's. */
  tls(prefix: string): { readonly ca?: Buffer } | undefined;
  problem(text: string): void;
};

function readCassandra(read: Reader): EngineSettings['cassandra'] {
  const keyspace = read.text('BIOSCOPE_CASSANDRA_KEYSPACE');
  const username = read.text('BIOSCOPE_CASSANDRA_USER');
  const tls = read.tls('BIOSCOPE_CASSANDRA');
  const local = new Set(listOf(read.text('BIOSCOPE_CASSANDRA_LOCAL')));
  return {
    contactPoints: read.hosts('BIOSCOPE_CASSANDRA', 'host:port of some nodes'),
    localDataCentre: read.needed('BIOSCOPE_CASSANDRA_DC', 'the data centre that this process is in, as Cassandra names it'),
    itemConsistency: consistencyFrom(read),
    isLocal: (namespace) => local.has(namespace),
    ...(keyspace === undefined ? {} : { keyspace }),
    ...(username === undefined
      ? {}
      : { credentials: { username, password: read.needed('BIOSCOPE_CASSANDRA_PASSWORD', `the password of ${username}`) } }),
    ...(tls === undefined ? {} : { tls }),
  };
}

/** `playback_sessions=local-one,*=each-quorum`. */
function consistencyFrom(read: Reader): (namespace: string) => ItemConsistency {
  const chosen = new Map<string, ItemConsistency>();
  for (const pair of listOf(read.text('BIOSCOPE_CASSANDRA_CONSISTENCY'))) {
    const [namespace = '', level = ''] = pair.split('=');
    const known = ITEM_CONSISTENCIES.find((each) => each === level);
    if (known === undefined || namespace === '')
      read.problem(`BIOSCOPE_CASSANDRA_CONSISTENCY has "${pair}": write NAMESPACE=LEVEL, with ${ITEM_CONSISTENCIES.join(', ')}`);
    else chosen.set(namespace, known);
  }
  return (namespace) => chosen.get(namespace) ?? chosen.get('*') ?? 'local-quorum';
}

function readKafka(read: Reader): EngineSettings['kafka'] {
  const topicPrefix = read.text('BIOSCOPE_KAFKA_PREFIX');
  const username = read.text('BIOSCOPE_KAFKA_USER');
  const tls = read.tls('BIOSCOPE_KAFKA');
  return {
    brokers: read.hosts('BIOSCOPE_KAFKA', 'host:port of some brokers'),
    ...(topicPrefix === undefined ? {} : { topicPrefix }),
    ...(username === undefined
      ? {}
      : {
          sasl: {
            mechanism: 'SCRAM-SHA-512' as const,
            username,
            password: read.needed('BIOSCOPE_KAFKA_PASSWORD', `the password of ${username}`),
          },
        }),
    ...(tls === undefined ? {} : { tls }),
  };
}

function readS3(read: Reader): EngineSettings['s3'] {
  const endpoint = read.text('BIOSCOPE_S3');
  if (endpoint !== undefined && !/^https?:\/\/[^/]+\/?$/.test(endpoint))
    read.problem(`BIOSCOPE_S3 is "${endpoint}": write http://host:port, or leave it out for Amazon's`);
  const prefix = read.text('BIOSCOPE_S3_PREFIX');
  return {
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(prefix === undefined ? {} : { prefix }),
    region: read.text('BIOSCOPE_S3_REGION') ?? 'us-east-1',
    bucket: read.needed('BIOSCOPE_S3_BUCKET', 'the bucket'),
    accessKeyId: read.needed('BIOSCOPE_S3_ACCESS_KEY', 'the access key'),
    secretAccessKey: read.needed('BIOSCOPE_S3_SECRET_KEY', 'the secret of the access key'),
    createBucket: true,
  };
}

function readerOf(environment: Environment, problems: string[]): Reader {
  const problem = (text: string): void => void problems.push(text);
  const text = (name: string): string | undefined => {
    const value = environment[name];
    return value === undefined || value === '' ? undefined : value;
  };
  const needed = (name: string, what: string): string => {
    const value = text(name);
    if (value === undefined) problem(`${name} is missing: ${what}`);
    return value ?? '';
  };
  return {
    needed,
    text,
    problem,
    hosts(name, what) {
      const hosts = listOf(needed(name, what));
      for (const host of hosts) if (!/^[^\s:]+(:\d{1,5})?$/.test(host)) problem(`${name} has "${host}": write host:port`);
      return hosts;
    },
    tls(prefix) {
      const file = text(`${prefix}_CA`);
      if (file === undefined) return text(`${prefix}_TLS`) === '1' ? {} : undefined;
      try {
        return { ca: readFileSync(file) };
      } catch (cause) {
        problem(`${prefix}_CA names ${file}, which cannot be read (${cause instanceof Error ? cause.message : String(cause)})`);
        return undefined;
      }
    },
  };
}

function listOf(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

/** Whether all state lies with this machine's embedded engines. */
export function isEmbedded({ cassandra, kafka, s3 }: EngineSettings): boolean {
  return cassandra === undefined && kafka === undefined && s3 === undefined;
}
