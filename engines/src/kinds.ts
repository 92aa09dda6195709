export const ENGINES = ['cassandra', 'kafka', 's3'] as const;
export type EngineKind = (typeof ENGINES)[number];

/** What is set up for each: the folder name in the cache carries the version, so that another version never meets these files. */
export const VERSIONS = { cassandra: '5.0.9', kafka: '4.1.2', s3: 'v1.8.0' } as const satisfies Record<EngineKind, string>;

export const TITLES = {
  cassandra: 'Apache Cassandra 5',
  kafka: 'Apache Kafka 4',
  s3: 'versitygw (S3)',
} as const satisfies Record<EngineKind, string>;

export function isEngineKind(text: string): text is EngineKind {
  return (ENGINES as readonly string[]).includes(text);
}
