import type { AddressesOf } from '@bioscope/engines/testing';

export type EngineAddresses = { readonly [Kind in keyof AddressesOf]?: AddressesOf[Kind] };

/** What `bioscope up --engines …` reads to find these engines. */
export function engineEnvironment({ cassandra, kafka, s3 }: EngineAddresses): Record<string, string> {
  return {
    ...(cassandra === undefined
      ? {}
      : { BIOSCOPE_CASSANDRA: cassandra.contactPoints.join(','), BIOSCOPE_CASSANDRA_DC: cassandra.localDataCentre }),
    ...(kafka === undefined ? {} : { BIOSCOPE_KAFKA: kafka.bootstrap.join(',') }),
    ...(s3 === undefined
      ? {}
      : {
          BIOSCOPE_S3: s3.endpoint,
          BIOSCOPE_S3_BUCKET: s3.bucket,
          BIOSCOPE_S3_ACCESS_KEY: s3.accessKey,
          BIOSCOPE_S3_SECRET_KEY: s3.secretKey,
          BIOSCOPE_S3_REGION: s3.region,
        }),
  };
}

/** A line for a POSIX shell. */
export function upLine(addresses: EngineAddresses): string {
  const settings = Object.entries(engineEnvironment(addresses)).map(([name, value]) => `${name}=${quoted(value)}`);
  return [...settings, './bioscope', 'up', '--engines', Object.keys(addresses).join(',')].join(' ');
}

function quoted(value: string): string {
  return /^[\w./:,@%+=-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}
