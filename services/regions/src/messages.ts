import type { MessageInitShape } from '@bufbuild/protobuf';
import { RegionState as StateMessage } from '../contract/index.ts';
import type { RegionSchema, RunSchema } from '../contract/index.ts';
import type { RegionState, Run } from './domain/course.ts';
import type { RegionShown } from './domain/show-picture.ts';

const STATES: Readonly<Record<RegionState, StateMessage>> = {
  serving: StateMessage.SERVING,
  evacuating: StateMessage.EVACUATING,
  evacuated: StateMessage.EVACUATED,
  restoring: StateMessage.RESTORING,
};

export function regionMessage({ state, bridgeTo, zones, ...region }: RegionShown): MessageInitShape<typeof RegionSchema> {
  return {
    ...region,
    state: STATES[state],
    bridgeTo: [...bridgeTo],
    zones: zones.map(({ name, gateways }) => ({ name, gateways: [...gateways] })),
  };
}

export function runMessage({
  id,
  kind,
  region,
  reason,
  by,
  startedAtMs,
  ended,
  bridgeTo,
  steps,
  verification,
}: Run): MessageInitShape<typeof RunSchema> {
  return {
    id,
    kind,
    region,
    reason,
    by,
    startedAtMs,
    endedAtMs: ended?.atMs ?? 0,
    outcome: ended?.outcome ?? '',
    bridgeTo: [...bridgeTo],
    steps: steps.map((step) => ({ ...step })),
    ...(verification === null ? {} : { verification }),
  };
}
