import { CODES } from '@bioscope/rpc';
import { checkRule, DELAY_MS_MAX } from '../fault/check-rule.ts';
import { EFFECTS, SIDES } from '../fault/rule.ts';
import type { FaultRule } from '../fault/rule.ts';
import type { Selection } from '../process/fleet.ts';
import { EXPERIMENT_NAME, SECONDS_MAX } from './experiment.ts';
import type { Arguments, Experiment, Fault } from './experiment.ts';
import { FIGURE_NAMES } from './figures.ts';
import type { Bound } from './figures.ts';
import { readYaml } from './yaml-reader.ts';
import type { MapReader } from './yaml-reader.ts';

const SETTLE_SECONDS = 5;
const RECOVER_SECONDS = 30;
/** One false alarm in a hundred experiments. */
const ALPHA = 0.01;

/** Reads an experiment's file (README has one). Throws `FileProblems`, which names every problem with file and line. */
export function readExperiment(file: string, text: string): Experiment {
  return readYaml(file, text, (map) => {
    const name = map.text('name');
    if (!EXPERIMENT_NAME.test(name)) map.problem('name', 'is 1 to 48 of a-z 0-9 -');
    const fault = readFault(map, name);
    const size = map.has('size') ? map.number('size', { min: 0.001, max: 0.5 }) : undefined;
    if (size !== undefined && fault.kind !== 'rules') map.problem('size', 'only rules can be kept to a share of the members');
    const expect = readExpect(map);
    const after = readAfter(map);
    const experiment: Experiment = {
      name,
      hypothesis: map.text('hypothesis'),
      fallback: map.text('fallback', ''),
      steady: readBounds(map, 'steady'),
      fault,
      seconds: map.number('seconds', { min: 1, max: SECONDS_MAX }),
      settleSeconds: map.number('settleSeconds', { min: 1, max: SECONDS_MAX }, SETTLE_SECONDS),
      recoverSeconds: map.number('recoverSeconds', { min: 1, max: SECONDS_MAX }, RECOVER_SECONDS),
      abort: readAbort(map),
      failuresExpected: map.flag('failuresExpected', false),
      ...(size === undefined ? {} : { size }),
      ...(expect === undefined ? {} : { expect }),
      ...(after === undefined ? {} : { after }),
    };
    if (experiment.steady.length === 0) map.problem('steady', 'without a steady state nothing can be learned');
    map.end();
    return experiment;
  });
}

function readBounds(map: MapReader, key: string): readonly Bound[] {
  const bounds = map.map(key);
  if (bounds === undefined) return [];
  const read = FIGURE_NAMES.filter((figure) => bounds.has(figure)).map((figure): Bound => {
    const bound = bounds.map(figure);
    const limit = (side: string): number | undefined =>
      bound?.has(side) === true ? bound.number(side, { min: 0, max: Number.MAX_SAFE_INTEGER }) : undefined;
    const [atLeast, atMost] = [limit('atLeast'), limit('atMost')];
    bound?.end();
    if (atLeast === undefined && atMost === undefined) bounds.problem(figure, 'say atLeast, atMost, or both');
    return { figure, ...(atLeast === undefined ? {} : { atLeast }), ...(atMost === undefined ? {} : { atMost }) };
  });
  for (const other of bounds.keys().filter((each) => !FIGURE_NAMES.some((figure) => figure === each)))
    bounds.problem(other, `there is no such figure (there are: ${FIGURE_NAMES.join(', ')})`);
  return read;
}

function readAbort(map: MapReader): Experiment['abort'] {
  const abort = map.map('abort');
  if (abort === undefined) return { bounds: [], alpha: ALPHA };
  const read = { bounds: readBounds(abort, 'unless'), alpha: abort.number('alpha', { min: 1e-9, max: 0.5 }, ALPHA) };
  abort.end();
  return read;
}

function readExpect(map: MapReader): Experiment['expect'] {
  const expect = map.map('expect');
  if (expect === undefined) return undefined;
  const condition = expect.text('condition');
  const withinSeconds = expect.number('withinSeconds', { min: 1, max: SECONDS_MAX });
  return { condition, withinSeconds, args: readArguments(expect, ['condition', 'withinSeconds']) };
}

function readAfter(map: MapReader): Experiment['after'] {
  const after = map.map('after');
  return after === undefined ? undefined : { action: after.text('do'), args: readArguments(after, ['do']) };
}

const FAULT_KINDS = ['kill', 'hold', 'pause', 'restart', 'rules', 'do'] as const;

function readFault(map: MapReader, experiment: string): Fault {
  const fault = map.map('fault');
  const kinds = FAULT_KINDS.filter((kind) => fault?.has(kind));
  const [kind] = kinds;
  if (fault === undefined || kind === undefined || kinds.length > 1) {
    map.problem('fault', `has exactly one of ${FAULT_KINDS.join(', ')}`);
    return { kind: 'rules', rules: [] };
  }
  if (kind === 'do') return { kind, action: fault.text('do'), args: readArguments(fault, ['do']) };
  const read: Fault =
    kind === 'rules'
      ? { kind, rules: fault.maps('rules').map((rule, at) => readRule(rule, `${experiment}.${at + 1}`)) }
      : { kind, selection: readSelection(fault.map(kind)) };
  fault.end();
  return read;
}

function readSelection(map: MapReader | undefined): Selection {
  if (map === undefined) return {};
  const fields = ['id', 'region', 'zone', 'group', 'site']
    .filter((field) => map.has(field))
    .map((field) => [field, map.text(field)] as const);
  const count = map.has('count') ? { count: map.number('count', { min: 1, max: 1_000 }) } : {};
  map.end();
  return { ...Object.fromEntries(fields), ...count };
}

function readRule(map: MapReader, id: string): FaultRule {
  const header = map.map('header');
  const rule: FaultRule = {
    id,
    where: {
      side: map.oneOf('side', SIDES),
      callers: map.texts('callers'),
      callees: map.texts('callees'),
      methods: map.texts('methods'),
      regions: map.texts('regions'),
      zones: map.texts('zones'),
      groups: map.texts('groups'),
    },
    who: header === undefined ? {} : { header: { name: header.text('name').toLowerCase(), value: header.text('value') } },
    share: map.number('share', { min: 0, max: 1 }, 1),
    what: {
      effect: map.oneOf('effect', EFFECTS),
      delayMs: map.number('delayMs', { min: 0, max: DELAY_MS_MAX }, 0),
      delayMsMax: map.number('delayMsMax', { min: 0, max: DELAY_MS_MAX }, 0),
      code: map.oneOf('code', CODES, 'unavailable'),
      jumpMs: map.number('jumpMs', { min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER }, 0),
    },
  };
  header?.end();
  for (const problem of checkRule(rule)) map.problem('effect', problem);
  map.end();
  return rule;
}

/** All other keys, as texts: what an action or a condition makes of them is its own affair. */
function readArguments(map: MapReader, known: readonly string[]): Arguments {
  const names = map.keys().filter((key) => !known.includes(key));
  return Object.fromEntries(names.map((name) => [name, map.text(name)]));
}
