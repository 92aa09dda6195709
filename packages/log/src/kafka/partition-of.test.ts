import assert from 'node:assert/strict';
import { it } from 'node:test';
import { murmur2 } from '@platformatic/kafka';
import * as fc from 'fast-check';
import { partitionOf } from './partition-of.ts';

it('puts a key where Kafka itself would put it', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.integer({ min: 1, max: 50 }), (key, partitions) => {
      assert.equal(partitionOf(key, partitions), (murmur2(Buffer.from(key)) & 0x7f_ff_ff_ff) % partitions);
    }),
  );
});

it('knows the hashes that Kafka tests itself with', () => {
  // UtilsTest.testMurmur2 of Apache Kafka: 'foobar' is -790332482, '21' is -973932308.
  assert.equal(partitionOf(Buffer.from('foobar'), 1_000), (-790_332_482 & 0x7f_ff_ff_ff) % 1_000);
  assert.equal(partitionOf(Buffer.from('21'), 1_000), (-973_932_308 & 0x7f_ff_ff_ff) % 1_000);
});
