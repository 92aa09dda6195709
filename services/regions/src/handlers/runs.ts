import type { MessageInitShape } from '@bufbuild/protobuf';
import { RpcError } from '@bioscope/rpc';
import type { GetRunRequest, GetRunResponseSchema, ListRunsRequest, ListRunsResponseSchema } from '../../contract/index.ts';
import { RUNS_KEPT_MAX } from '../domain/course.ts';
import { runMessage } from '../messages.ts';
import type { RegionsStore } from '../store.ts';

const RUNS_DEFAULT = 20;

export async function listRuns(
  { store }: { readonly store: Pick<RegionsStore, 'readCourse'> },
  { limit }: ListRunsRequest,
): Promise<MessageInitShape<typeof ListRunsResponseSchema>> {
  const { course } = await store.readCourse();
  const newest = course.runs.toReversed().slice(0, Math.min(limit === 0 ? RUNS_DEFAULT : limit, RUNS_KEPT_MAX));
  return { runs: newest.map((run) => ({ ...runMessage(run), steps: [] })) };
}

export async function getRun(
  { store }: { readonly store: Pick<RegionsStore, 'readCourse'> },
  { id }: GetRunRequest,
): Promise<MessageInitShape<typeof GetRunResponseSchema>> {
  const { course } = await store.readCourse();
  const run = course.runs.find((each) => each.id === id);
  if (run === undefined) throw new RpcError('not_found', `there is no run ${JSON.stringify(id)} among the latest ${RUNS_KEPT_MAX}`);
  return { run: runMessage(run) };
}
