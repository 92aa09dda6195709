import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { isMissing } from './oracle.ts';
import { startTestServer } from './running-server.ts';

const PROGRAMS = ['dig', 'kdig'] as const;
const QUESTIONS = [
  ['app', 'A', '+subnet=10.1.2.0/24'],
  ['app', 'AAAA', '+subnet=2001:db8::/48'],
  ['app', 'HTTPS', '+tcp'],
  ['svc2', 'SVCB', '+cookie'],
  ['huge', 'TXT', '+bufsize=1232'],
  ['bioscope.test.', 'ANY', '+tcp'],
  ['bioscope.test.', 'CAA', '+dnssec'],
  ['x.wild', 'A', '+nsid'],
  ['nowhere', 'A', '+noedns'],
] as const;

describe('with the programs that operators use', () => {
  for (const program of PROGRAMS) {
    it(
      `${program} reads every answer without a complaint, and sees whose answer it is`,
      { skip: isMissing({ name: program, command: program, version: program === 'dig' ? '-v' : '-V' }) },
      async (test) => {
        const server = await startTestServer(test);
        for (const [name, type, option] of QUESTIONS) {
          const full = name.endsWith('.') ? name : `${name}.bioscope.test.`;
          const { stdout } = await promisify(execFile)(program, [
            '@127.0.0.1',
            '-p',
            String(server.port),
            '+norec',
            '+timeout=2',
            '+retry=0',
            option,
            full,
            type,
          ]);
          assert.match(stdout, name === 'nowhere' ? /status: NXDOMAIN/ : /status: NOERROR/, full);
          assert.doesNotMatch(stdout, /malformed|extra bytes|mismatch|trailing|WARNING: (?!.*fallback)/i, stdout);
          if (option.includes('10.1.2.0')) assert.match(stdout, /10\.1\.2\.0\/24\/8/);
          if (option.includes('2001')) assert.match(stdout, /2001:db8::\/48\/48/);
          // Truncated by UDP, and asked again by TCP without being told.
          if (name === 'huge') assert.equal(stdout.match(/^huge\.bioscope\.test\.\s/gm)?.length, 30);
        }
      },
    );
  }
});
