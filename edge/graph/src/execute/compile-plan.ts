import type { PlanNode, QueryPlan } from '@graphql-hive/router-query-planner';

import type { MeetsType } from '../domain/type-conditions.ts';
import { batchFetch, entityFetch } from './entity-fetch.ts';
import { rootFetch } from './root-fetch.ts';
import type { Step } from './run.ts';

/** Turns a plan into closures, once per operation. Throws for what the planner should never say for a query or a mutation. */
export function compilePlan(plan: QueryPlan, meets: MeetsType): Step {
  return plan.node === undefined ? nothing : compileNode(plan.node, meets);
}

const nothing: Step = async () => undefined;

function compileNode(node: PlanNode, meets: MeetsType): Step {
  switch (node.kind) {
    case 'Fetch':
      return rootFetch(node, meets);
    case 'Flatten':
      if (node.node.kind !== 'Fetch') throw new TypeError(`a plan flattens a ${node.node.kind}`);
      return entityFetch(node.node, node.path, meets);
    case 'BatchFetch':
      return batchFetch(node, meets);
    case 'Sequence':
      return inSequence(node.nodes.map((each) => compileNode(each, meets)));
    case 'Parallel':
      return inParallel(node.nodes.map((each) => compileNode(each, meets)));
    // Conditions are decided before planning.
    case 'Condition':
    case 'Subscription':
    case 'Defer':
      throw new TypeError(`a plan with a ${node.kind} cannot be run here`);
    default:
      return node satisfies never;
  }
}

/** Also after one that failed: later fetches find what there is, and fields of a mutation are independent of each other. */
function inSequence(steps: readonly Step[]): Step {
  return async (run) => {
    for (const step of steps) await step(run);
  };
}

function inParallel(steps: readonly Step[]): Step {
  return async (run) => {
    await Promise.all(steps.map((step) => step(run)));
  };
}
