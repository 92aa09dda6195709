import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Evaluated, Finding } from '@bioscope/policy/publish';
import { Complaint, EXIT, flag, JSON_OPTION, textOption } from '../command.ts';
import type { Command, Invocation } from '../command.ts';
import { misuse } from '../parse-invocation.ts';
import { table } from '../table.ts';

export const policy: Command = {
  name: 'policy',
  about: 'evaluate requests against Cedar policies, validate the policies, or run tests of Cedar',
  usage:
    'policy eval --policies FILE [--schema FILE] --entities FILE --requests FILE [--json] | policy validate --policies FILE --schema FILE [--json] | policy conformance DIR [--json]',
  options: {
    policies: { type: 'string', value: 'FILE', about: "Cedar policies, as text or in Cedar's JSON format" },
    schema: { type: 'string', value: 'FILE', about: "their schema, as text or in Cedar's JSON format" },
    entities: { type: 'string', value: 'FILE', about: "eval: the entities, in Cedar's JSON format" },
    requests: {
      type: 'string',
      value: 'FILE',
      about: 'eval: an array of {principal, action, resource, context}, or an object with it as "requests"',
    },
    ids: {
      type: 'string',
      value: 'KIND',
      about: 'eval: policies are named by "position" (policy0, policy1 …; the default) or "annotation" (@id)',
    },
    json: JSON_OPTION,
  },
  words: { min: 1, max: 2 },
  async run(invocation) {
    const [what, folder] = invocation.words;
    if (what === 'conformance' && folder !== undefined) return await conformance(invocation, folder);
    if (folder !== undefined) throw misuse(policy, `"${folder}" is one word too many`);
    if (what === 'eval') return await evaluate(invocation);
    if (what === 'validate') return await validate(invocation);
    throw misuse(policy, `there is no "policy ${what}"`);
  },
};

async function evaluate(invocation: Invocation): Promise<number> {
  const ids = textOption(invocation, 'ids') ?? 'position';
  if (ids !== 'position' && ids !== 'annotation') throw misuse(policy, `--ids is "${ids}": use position or annotation`);
  const schema = textOption(invocation, 'schema');
  const texts = {
    policies: fileText(invocation, 'policies'),
    entities: fileText(invocation, 'entities'),
    requests: fileText(invocation, 'requests'),
    ...(schema === undefined ? {} : { schema: fileText(invocation, 'schema') }),
  };
  // The validator is a WebAssembly module of megabytes: loaded by this command only.
  const { evaluateTexts } = await import('@bioscope/policy/publish');
  const results = mending(() => evaluateTexts({ ...texts, ids }));
  const { terminal } = invocation;
  if (flag(invocation, 'json')) terminal.out(`${JSON.stringify(results)}\n`);
  else terminal.out(`${table(['request', 'decision', 'because of', 'policies with errors'], results.map(row))}\n`);
  return results.some((result) => 'fault' in result) ? EXIT.failed : EXIT.done;
}

function row(result: Evaluated, index: number): readonly string[] {
  if ('fault' in result) return [String(index), 'none', result.fault, ''];
  const errors = result.messages.map(({ policy, message }) => `${policy}: ${message}`);
  return [String(index), result.decision, result.reasons.join(', '), errors.join('; ')];
}

async function validate(invocation: Invocation): Promise<number> {
  const [policies, schema] = [fileText(invocation, 'policies'), fileText(invocation, 'schema')];
  const { schemaJson, validatePolicies } = await import('@bioscope/policy/publish');
  const validation = mending(() => validatePolicies({ policies, schema: schemaJson(schema) as object }));
  const { terminal } = invocation;
  if (flag(invocation, 'json')) terminal.out(`${JSON.stringify(validation)}\n`);
  else {
    for (const warning of validation.warnings) terminal.err(`warning: ${findingText(warning)}\n`);
    if (validation.kind === 'invalid') for (const error of validation.errors) terminal.err(`${findingText(error)}\n`);
    else terminal.out('valid\n');
  }
  return validation.kind === 'valid' ? EXIT.done : EXIT.failed;
}

/** Differences shown; there are none, or too many to read. */
const SHOWN_MAX = 20;

/** Runs a checkout of cedar-integration-tests, or of any tests of its form: file names in a test are relative to the folder. */
async function conformance(invocation: Invocation, folder: string): Promise<number> {
  const { conformanceTest } = await import('@bioscope/policy/publish');
  const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
  const sums = { tests: 0, requests: 0, differing: 0 };
  const shown: string[] = [];
  for (const file of globSync('**/*.json', { cwd: folder }).sort()) {
    const outcome = mending(() => conformanceTest(read(file), read));
    if (outcome === null) continue;
    sums.tests += 1;
    sums.requests += outcome.requests;
    sums.differing += new Set(outcome.differences.map((difference) => difference.split(':', 1)[0])).size;
    for (const difference of outcome.differences) if (shown.length < SHOWN_MAX) shown.push(`${file}: ${difference}`);
  }
  if (sums.tests === 0) throw new Complaint(`there are no tests of Cedar in ${folder}`);
  const { terminal } = invocation;
  for (const line of shown) terminal.err(`${line}\n`);
  if (flag(invocation, 'json')) terminal.out(`${JSON.stringify(sums)}\n`);
  else terminal.out(`${sums.requests} requests of ${sums.tests} tests, ${sums.differing} answered otherwise\n`);
  return sums.differing === 0 ? EXIT.done : EXIT.failed;
}

function findingText({ message, at }: Finding): string {
  return at === null ? message : `line ${at.line}, column ${at.column}: ${message}`;
}

function fileText(invocation: Invocation, name: string): string {
  const file = textOption(invocation, name);
  if (file === undefined) throw misuse(policy, `--${name} is missing`);
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Complaint(`--${name}: ${(cause as Error).message}`, { cause });
  }
}

/** What is wrong with the files is for the person to mend. */
function mending<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'PolicyFault') throw new Complaint(cause.message, { cause });
    throw cause;
  }
}
