import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, it } from 'node:test';
import { missingPlatforms, platformOf } from './lock-platforms.ts';
import type { Lock } from './lock-platforms.ts';

describe('the lock file', () => {
  it('names the packages of every platform, so that npm ci accepts it on all of them', () => {
    const lock = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../package-lock.json'), 'utf8')) as Lock;
    assert.ok(Object.keys(lock.packages).length > 100);
    assert.deepEqual(missingPlatforms(lock), {});
  });

  it('holds no download addresses', () => {
    assert.doesNotMatch(readFileSync(resolve(import.meta.dirname, '../../package-lock.json'), 'utf8'), /"resolved": "http/);
  });
});

describe('completing a lock', () => {
  const optionalDependencies = { '@a/linux-x64-gnu': '1.0.0', '@a/darwin-arm64': '1.0.0', helper: '^2.0.0' };

  it('adds what is missing and leaves ranges and what is there alone', () => {
    const lock: Lock = { packages: { 'node_modules/a': { optionalDependencies }, 'node_modules/@a/linux-x64-gnu': { version: '1.0.0' } } };
    assert.deepEqual(missingPlatforms(lock), {
      'node_modules/@a/darwin-arm64': { version: '1.0.0', os: ['darwin'], cpu: ['arm64'], optional: true },
    });
  });

  it('puts a second version beside its user', () => {
    const lock: Lock = {
      packages: {
        'tools/node_modules/a': { optionalDependencies: { '@a/darwin-arm64': '2.0.0' } },
        'node_modules/@a/darwin-arm64': { version: '1.0.0' },
      },
    };
    assert.deepEqual(Object.keys(missingPlatforms(lock)), ['tools/node_modules/a/node_modules/@a/darwin-arm64']);
  });

  it('reads platforms from names', () => {
    assert.deepEqual(platformOf('@oxlint/binding-linux-riscv64-musl'), { os: ['linux'], cpu: ['riscv64'], libc: ['musl'] });
    assert.deepEqual(platformOf('@bufbuild/buf-win32-arm64'), { os: ['win32'], cpu: ['arm64'] });
    assert.deepEqual(platformOf('@bufbuild/buf-linux-aarch64'), { os: ['linux'], cpu: ['arm64'] });
  });
});
