import type {
  BatchFetchNode,
  FetchNode,
  FlattenNodePathSegment,
  InputRewrite,
  OutputRewrite,
  RequiresSelection,
} from '@graphql-hive/router-query-planner';

import { copyData, isData, mergeData, type Data } from '../domain/data.ts';
import { addError } from '../domain/errors.ts';
import { commonPath, compilePath, type Placed } from '../domain/paths.ts';
import { compileRepresentation } from '../domain/representations.ts';
import { compileRewrites, type Rewrites } from '../domain/rewrites.ts';
import type { MeetsType } from '../domain/type-conditions.ts';
import { passOn } from './pass-on.ts';
import { requestText } from './request-text.ts';
import type { Run, Step, SubgraphError } from './run.ts';

/** A page of a few thousand rows is the largest that apps ask for; beyond this a plan has gone wrong, or somebody tries to make us work. */
const REPRESENTATIONS_MAX = 20_000;

/** Adds to the objects at a path what another service knows of them. Objects that are the same entity are asked for once. */
export function entityFetch(node: FetchNode, path: readonly FlattenNodePathSegment[], meets: MeetsType): Step {
  const { requires } = node;
  if (requires === undefined) throw new TypeError(`a plan flattens a fetch from ${node.serviceName} that requires nothing`);
  const group = compileGroup('_entities', 'representations', { paths: [path], requires, ...rewritesOf(node) }, meets);
  return groupsFetch(node, [group]);
}

/** Several such additions by one service in one request. */
export function batchFetch(node: BatchFetchNode, meets: MeetsType): Step {
  return groupsFetch(
    node,
    node.entityBatch.aliases.map((alias) =>
      compileGroup(alias.alias, alias.representationsVariableName, { ...alias, ...rewritesOf(alias) }, meets),
    ),
  );
}

type Planned = { readonly inputRewrites: InputRewrite[] | undefined; readonly outputRewrites: OutputRewrite[] | undefined };

function rewritesOf(node: { inputRewrites?: InputRewrite[]; outputRewrites?: OutputRewrite[] }): Planned {
  return { inputRewrites: node.inputRewrites, outputRewrites: node.outputRewrites };
}

/** Targets of one `_entities` field: those found in one run, and the answers' way back to them. */
type Group = {
  readonly responseKey: string;
  readonly variable: string;
  readonly place: readonly (string | number)[];
  gather(run: Run): Gathered;
  readonly rewrites: Rewrites;
  placed(run: Run): Placed[];
};
type Gathered = {
  /** The JSON texts of the representations, each once. */
  readonly texts: readonly string[];
  /** For each representation, the objects that it stands for. */
  readonly targets: readonly (readonly Data[])[];
};

function compileGroup(
  responseKey: string,
  variable: string,
  what: { readonly paths: readonly (readonly FlattenNodePathSegment[])[]; readonly requires: readonly RequiresSelection[] } & Planned,
  meets: MeetsType,
): Group {
  const finders = what.paths.map((path) => compilePath(path, meets));
  const represent = compileRepresentation(what.requires, meets);
  const inputs = compileRewrites(what.inputRewrites, meets);
  return {
    responseKey,
    variable,
    place: what.paths[0] === undefined ? [] : commonPath(what.paths[0]),
    rewrites: compileRewrites(what.outputRewrites, meets),
    placed: (run) => finders.flatMap((finder) => finder.placed(run.data)),
    gather(run) {
      const texts: string[] = [];
      const targets: Data[][] = [];
      const known = new Map<string, number>();
      for (const finder of finders) {
        for (const target of finder.targets(run.data)) {
          const representation = represent(target);
          if (representation === undefined) continue;
          inputs.apply(representation);
          const text = JSON.stringify(representation);
          const index = known.get(text);
          if (index !== undefined) targets[index]?.push(target);
          else {
            known.set(text, texts.length);
            texts.push(text);
            targets.push([target]);
          }
        }
      }
      return { texts, targets };
    },
  };
}

function groupsFetch(node: FetchNode | BatchFetchNode, groups: readonly Group[]): Step {
  const service = node.serviceName;
  const text = requestText(node.operation, node.variableUsages);
  return async (run) => {
    const gathered = groups.map((group) => group.gather(run));
    const total = gathered.reduce((sum, { texts }) => sum + texts.length, 0);
    if (total === 0) return;
    if (total > REPRESENTATIONS_MAX) {
      failAll(
        run,
        groups,
        gathered,
        service,
        'TOO_MANY_ENTITIES',
        `${total} entities of ${service} were wanted; at most ${REPRESENTATIONS_MAX} are asked for`,
      );
      return;
    }
    const variables = groups.map((group, index) => `${JSON.stringify(group.variable)}:[${gathered[index]?.texts.join(',') ?? ''}]`);
    const answer = await run.ask({ service, body: text(run, variables), isSafe: true });
    if (answer.kind === 'failed') {
      failAll(run, groups, gathered, service, answer.code, answer.message);
      return;
    }
    placeErrors(run, groups, gathered, answer.errors, service);
    if (answer.data !== null) {
      for (const [index, group] of groups.entries()) {
        const found = gathered[index];
        if (found !== undefined) deliver(run, group, found, answer.data, service);
      }
    }
  };
}

function deliver(run: Run, group: Group, { targets }: Gathered, data: Data, service: string): void {
  const entities = data[group.responseKey];
  // Null, or away where all of it was null: the errors that came along say why.
  if (targets.length === 0 || entities === null || entities === undefined) return;
  if (!Array.isArray(entities) || entities.length !== targets.length) {
    const message = `${service} was asked for ${targets.length} entities and answered with something else`;
    addError(run.errors, { message, path: group.place, extensions: { code: 'SERVICE_ANSWERED_WRONGLY', service } });
    return;
  }
  for (const [index, entity] of (entities as unknown[]).entries()) {
    const places = targets[index] ?? [];
    // With an error for it, if the service gave one; that was placed before.
    if (entity === null) for (const target of places) run.gone.add(target);
    if (!isData(entity)) continue;
    group.rewrites.apply(entity);
    for (const [nth, target] of places.entries()) mergeData(target, nth === 0 ? entity : (copyData(entity) as Data));
  }
}

/** One error per path, not one for each of maybe thousands of places. */
function failAll(run: Run, groups: readonly Group[], gathered: readonly Gathered[], service: string, code: string, message: string): void {
  for (const [index, group] of groups.entries())
    if (gathered[index]?.texts.length !== 0) addError(run.errors, { message, path: group.place, extensions: { code, service } });
}

/** `_entities.3.name` becomes the name of every place in the reply that shows the fourth entity. */
function placeErrors(
  run: Run,
  groups: readonly Group[],
  gathered: readonly Gathered[],
  errors: readonly SubgraphError[],
  service: string,
): void {
  if (errors.length === 0) return;
  const places = groups.map((group) => new Map(group.placed(run).map(({ object, path }) => [object, path])));
  for (const error of errors) {
    const [key, nth, ...rest] = error.path ?? [];
    const index = groups.findIndex((group) => group.responseKey === key);
    const below = groups[index]?.rewrites.renamed(rest) ?? rest;
    const targets = typeof nth === 'number' ? gathered[index]?.targets[nth] : undefined;
    if (targets === undefined) {
      addError(run.errors, passOn(error, service, groups[Math.max(0, index)]?.place ?? []));
      continue;
    }
    for (const target of targets) addError(run.errors, passOn(error, service, [...(places[index]?.get(target) ?? []), ...below]));
  }
}
