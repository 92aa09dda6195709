import { EXIT, flag } from '../command.ts';
import type { Command } from '../command.ts';
import { runChecks } from '../checks/run-checks.ts';
import { installationFolder } from '../config.ts';

export const test: Command = {
  name: 'test',
  about: 'check this installation: format, lint, types, tests, the whole system in a browser',
  usage: 'test [--all] [PATTERN…]     (PATTERN: only test files whose path contains it, and no other checks)',
  options: {
    all: { type: 'boolean', about: 'the long runs too: more kills, more files, more rounds, real Cassandra, Kafka and S3 servers' },
  },
  // More than anybody types by hand.
  words: { min: 0, max: 50 },
  async run(invocation) {
    const { terminal } = invocation;
    const totals = await runChecks({
      root: installationFolder(),
      all: flag(invocation, 'all'),
      patterns: invocation.words,
      environment: invocation.environment,
      say: (text) => terminal.out(text),
      interrupt: invocation.interrupt,
    });
    terminal.out(`\n${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped\n`);
    return totals.failed === 0 && totals.passed > 0 ? EXIT.done : EXIT.failed;
  },
};
