import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { readExperiment } from './read-experiment.ts';
import { FileProblems } from './yaml-reader.ts';

const WHOLE = `
name: registry-down
hypothesis: Nobody notices that the schema registry is gone.
fallback: The graph keeps the last composition.
steady:
  startsPerSecond: { atLeast: 0.5 }
  requestsFailed: { atMost: 0 }
fault:
  rules:
    - { side: server, callees: [registry], effect: drop, zones: [1] }
    - { side: client, callees: registry, effect: error, code: internal, share: 0.5, header: { name: X-Device, value: tv } }
size: 0.1
seconds: 20
abort:
  unless:
    startFailureRate: { atMost: 0.2 }
  alpha: 0.001
expect: { condition: region-evacuated, region: a, withinSeconds: 35 }
`;

function problemsOf(text: string): readonly string[] {
  try {
    readExperiment('x.yaml', text);
  } catch (error) {
    assert(error instanceof FileProblems, String(error));
    return error.problems;
  }
  return [];
}

describe('readExperiment', () => {
  it('reads everything, with defaults for what is left out', () => {
    const read = readExperiment('x.yaml', WHOLE);
    assert.deepEqual(
      { ...read, fault: read.fault.kind },
      {
        name: 'registry-down',
        hypothesis: 'Nobody notices that the schema registry is gone.',
        fallback: 'The graph keeps the last composition.',
        steady: [
          { figure: 'startsPerSecond', atLeast: 0.5 },
          { figure: 'requestsFailed', atMost: 0 },
        ],
        fault: 'rules',
        seconds: 20,
        settleSeconds: 5,
        recoverSeconds: 30,
        abort: { bounds: [{ figure: 'startFailureRate', atMost: 0.2 }], alpha: 0.001 },
        failuresExpected: false,
        size: 0.1,
        expect: { condition: 'region-evacuated', args: { region: 'a' }, withinSeconds: 35 },
      },
    );
    assert(read.fault.kind === 'rules');
    const [first, second] = read.fault.rules;
    assert.deepEqual([first?.id, first?.where.zones, first?.share], ['registry-down.1', ['1'], 1]);
    assert.deepEqual(
      [second?.where.callees, second?.who.header, second?.what.code],
      [['registry'], { name: 'x-device', value: 'tv' }, 'internal'],
    );
  });

  it('reads faults of processes and actions', () => {
    const withFault = (fault: string): unknown =>
      readExperiment('x.yaml', `name: n\nhypothesis: h\nsteady: { playing: { atLeast: 1 } }\nseconds: 1\nfault: ${fault}`).fault;
    assert.deepEqual(withFault('{ hold: { region: a, zone: 1 } }'), { kind: 'hold', selection: { region: 'a', zone: '1' } });
    assert.deepEqual(withFault('{ kill: { group: play, count: 1 } }'), { kind: 'kill', selection: { group: 'play', count: 1 } });
    assert.deepEqual(withFault('{ do: evacuate, region: a }'), { kind: 'do', action: 'evacuate', args: { region: 'a' } });
  });

  it('names every problem with its file and line', () => {
    const broken = WHOLE.replace('atMost: 0 }', 'atMoost: 0 }')
      .replace('effect: drop', 'effect: vanish')
      .replace('seconds: 20', 'seconds: soon');
    const problems = problemsOf(`${broken}\nsized: 3\n`);
    for (const expected of [
      /^x\.yaml:7: requestsFailed: say atLeast/,
      /^x\.yaml:7: atMoost: there is no such key/,
      /^x\.yaml:10: effect: one of pass, error/,
      /^x\.yaml:13: seconds: a number from 1 to 43200, not "soon"/,
      /^x\.yaml:20: sized: there is no such key/,
    ])
      assert(
        problems.some((problem) => expected.test(problem)),
        `${String(expected)} in:\n${problems.join('\n')}`,
      );
  });

  it('refuses what makes no sense: no steady state, two faults, a share of members for a kill, an effect in the wrong place', () => {
    const base = 'name: n\nhypothesis: h\nseconds: 1\n';
    assert.match(problemsOf(`${base}fault: { kill: {} }`).join('\n'), /steady: without a steady state/);
    assert.match(
      problemsOf(`${base}steady: { playing: { atLeast: 1 } }\nfault: { kill: {}, pause: {} }`).join('\n'),
      /exactly one of kill/,
    );
    assert.match(problemsOf(`${base}steady: { playing: { atLeast: 1 } }\nfault: { kill: {} }\nsize: 0.1`).join('\n'), /only rules/);
    assert.match(
      problemsOf(`${base}steady: { playing: { atLeast: 1 } }\nfault: { rules: [{ side: server, effect: full }] }`).join('\n'),
      /on the side "server" there are/,
    );
    assert.match(problemsOf('name: [').join('\n'), /^x\.yaml:\d+: /);
  });

  it('answers anything with an experiment or with problems, never with a crash', () => {
    const lines = WHOLE.split('\n');
    fc.assert(
      fc.property(fc.shuffledSubarray(lines), fc.string({ maxLength: 20 }), (some, noise) => {
        problemsOf(`${some.join('\n')}\n${noise}`);
      }),
      { numRuns: 300 },
    );
  });
});
