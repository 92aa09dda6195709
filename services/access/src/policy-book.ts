import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

import { compilePolicies, Entity, type PolicySet } from '@bioscope/policy';
import { schemaJson, validatePolicies } from '@bioscope/policy/publish';

import { ACTION_NAMES, type ActionName } from './domain/fallbacks.ts';
import type { PolicyRequest } from './domain/policy-request.ts';
import { readPolicyFile } from './policy-file.ts';
import type { Judgement, Reason } from './domain/verdict.ts';

/** The policies in force. */
export type PolicyBook = {
  /** Changes when any policy or the schema does. */
  readonly version: string;
  readonly schema: string;
  readonly files: readonly PolicyFile[];
  readonly judge: (request: PolicyRequest) => Judgement;
  /** What a forbidding policy stands for; undefined for others. */
  readonly reasonOf: (policyId: string) => Reason | undefined;
};

export type PolicyFile = { readonly name: string; readonly text: string; readonly policyIds: readonly string[] };

const SCHEMA_FILE = 'schema.cedarschema';
const POLICY_FILE = /^[a-z0-9-]{1,60}\.cedar$/;
/** Policies are for people to read; beyond this something else lies in the folder. */
const FILES_MAX = 200;

/**
 * Reads the `.cedar` files of a folder and its `schema.cedarschema`. Rejects, naming file, line and every mistake, when one does not parse, does not fit the schema (Cedar's
 * strict validation), has no `@id` of its own, or forbids without saying why in the closed sets of the contract.
 */
export async function readPolicyBook(folder: string): Promise<PolicyBook> {
  const names = (await readdir(folder)).filter((name) => POLICY_FILE.test(name)).sort();
  if (names.length === 0 || names.length > FILES_MAX)
    throw new Error(`${folder} has ${names.length} policy files; 1 to ${FILES_MAX} are wanted`);
  const schema = await readFile(path.join(folder, SCHEMA_FILE), 'utf8');
  const texts = await Promise.all(names.map(async (name) => ({ name, text: await readFile(path.join(folder, name), 'utf8') })));
  return policyBook({ schema, texts });
}

export type PolicyTexts = { readonly schema: string; readonly texts: readonly { readonly name: string; readonly text: string }[] };

/** As `readPolicyBook`, of texts. Throws one error that names every mistake. */
export function policyBook({ schema, texts }: PolicyTexts): PolicyBook {
  const files = texts.map(({ name, text }) => ({ name, text, read: readPolicyFile({ name, text }) }));
  const readable = files.filter(({ read }) => read.isReadable);
  const problems = [...files.flatMap(({ read }) => read.problems), ...misfits(readable, schema)];
  if (problems.length > 0) throw new Error(`the policies cannot be used: ${problems.join('; ')}`);
  const set = compilePolicies({ policies: files.map(({ text }) => text).join('\n'), schema: schemaJson(schema), ids: 'annotation' });
  const reasons = new Map(files.flatMap(({ read }) => [...read.reasons]));
  return {
    version: createHash('sha256')
      .update(JSON.stringify([schema, texts]))
      .digest('hex')
      .slice(0, 16),
    schema,
    files: files.map(({ name, text, read }) => ({ name, text, policyIds: read.policyIds })),
    judge: judgeWith(set),
    reasonOf: (policyId) => reasons.get(policyId),
  };
}

/** What does not fit the schema, by Cedar's strict validation. All files in one go: each go reads the schema anew, and starting waits for it. */
function misfits(files: PolicyTexts['texts'], schema: string): readonly string[] {
  const validation = validatePolicies({ policies: files.map(({ text }) => text).join('\n'), schema });
  if (validation.kind === 'valid') return [];
  return validation.errors.map(({ message, at }) => {
    if (at === null) return message;
    let before = 0;
    for (const { name, text } of files) {
      const lines = text.split('\n').length;
      if (at.line <= before + lines) return `${name}:${at.line - before}:${at.column}: ${message}`;
      before += lines;
    }
    return message;
  });
}

function judgeWith(set: PolicySet): PolicyBook['judge'] {
  const gates = new Map(ACTION_NAMES.map((action) => [action, set.gate(typesOf(action))]));
  return ({ action, principal, resource, context }) => {
    const gate = gates.get(action);
    if (gate === undefined) throw new Error(`there is no gate for ${action}`);
    const asker = new Entity(VIEWER, principal.id, principal.facts);
    const { decision, reasons, errors } = gate.explain(
      asker,
      new Entity(`${NAMESPACE}::${resource.type}`, resource.id, resource.facts),
      context,
    );
    return {
      isPermitted: decision === 'allow',
      policies: reasons,
      errors: errors.map(({ policy, message }) => ({ policyId: policy, message })),
    };
  };
}

const NAMESPACE = 'Bioscope';
const VIEWER = `${NAMESPACE}::Viewer`;
const RESOURCES = {
  browse: 'Title',
  play: 'Title',
  download: 'Title',
  manageAccount: 'Household',
  manageProfiles: 'Household',
  operate: 'Area',
} as const satisfies Record<ActionName, PolicyRequest['resource']['type']>;

function typesOf(action: ActionName): Parameters<PolicySet['gate']>[0] {
  return {
    principalType: VIEWER,
    action: { type: `${NAMESPACE}::Action`, id: action },
    resourceType: `${NAMESPACE}::${RESOURCES[action]}`,
  };
}
