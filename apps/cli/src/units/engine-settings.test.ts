import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Complaint } from '../command.ts';
import { parseEngines, readEngineSettings } from './engine-settings.ts';

const WHOLE = {
  BIOSCOPE_CASSANDRA: '10.0.0.1:9042, 10.0.0.2',
  BIOSCOPE_CASSANDRA_DC: 'region-a',
  BIOSCOPE_KAFKA: 'kafka-1:9092',
  BIOSCOPE_S3_BUCKET: 'films',
  BIOSCOPE_S3_ACCESS_KEY: 'key',
  BIOSCOPE_S3_SECRET_KEY: 'not to be shown',
};

describe('parseEngines', () => {
  it('takes names in any order, none at all, and complains about others', () => {
    assert.deepEqual(parseEngines('s3, cassandra'), ['cassandra', 's3']);
    assert.deepEqual(parseEngines(undefined), []);
    assert.deepEqual(parseEngines(''), []);
    assert.throws(() => parseEngines('cassandra,redis'), /there is no engine "redis" \(there are: cassandra, kafka, s3\)/);
  });
});

describe('readEngineSettings', () => {
  it('reads addresses, and leaves out what was not chosen', () => {
    const settings = readEngineSettings(WHOLE, ['cassandra', 's3']);
    assert.deepEqual(settings.cassandra?.contactPoints, ['10.0.0.1:9042', '10.0.0.2']);
    assert.equal(settings.cassandra?.localDataCentre, 'region-a');
    assert.equal(settings.s3?.bucket, 'films');
    assert.equal(settings.s3?.endpoint, undefined);
    assert.equal(settings.kafka, undefined);
  });

  it('takes the consistency of single namespaces and of all others, and which are decided in one region', () => {
    const environment = {
      ...WHOLE,
      BIOSCOPE_CASSANDRA_CONSISTENCY: 'playback_sessions=local-one,*=each-quorum',
      BIOSCOPE_CASSANDRA_LOCAL: 'jobs_state,jobs_leases',
    };
    const { cassandra } = readEngineSettings(environment, ['cassandra']);
    assert.deepEqual(
      ['playback_sessions', 'other'].map((each) => cassandra?.itemConsistency?.(each)),
      ['local-one', 'each-quorum'],
    );
    assert.deepEqual(
      ['jobs_state', 'other'].map((each) => cassandra?.isLocal?.(each)),
      [true, false],
    );
  });

  it('names every problem at once, each with its variable, and no secret', () => {
    const broken = {
      BIOSCOPE_CASSANDRA: 'http://x',
      BIOSCOPE_CASSANDRA_USER: 'me',
      BIOSCOPE_CASSANDRA_CONSISTENCY: 'a=most',
      BIOSCOPE_CASSANDRA_CA: '/does/not/exist',
      BIOSCOPE_S3: 'localhost',
      BIOSCOPE_S3_SECRET_KEY: 'not to be shown',
    };
    assert.throws(
      () => readEngineSettings(broken, ['cassandra', 'kafka', 's3']),
      (error) => {
        assert.ok(error instanceof Complaint);
        for (const name of [
          'CASSANDRA has',
          'CASSANDRA_DC',
          'CASSANDRA_PASSWORD',
          'CASSANDRA_CONSISTENCY',
          'CASSANDRA_CA',
          'KAFKA',
          'S3 is',
          'S3_BUCKET',
          'S3_ACCESS_KEY',
        ])
          assert.match(error.message, new RegExp(`BIOSCOPE_${name}`));
        assert.doesNotMatch(error.message, /not to be shown/);
        return true;
      },
    );
  });
});
