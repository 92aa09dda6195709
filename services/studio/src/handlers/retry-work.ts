import { RpcError } from '@bioscope/rpc';
import { randomUUID } from 'node:crypto';
import { advance } from '../advance.ts';
import type { WorkView } from '../domain/work-view.ts';
import type { StudioParts } from '../parts.ts';
import { requireWorkId, shown } from './show-work.ts';

/** Goes on where it failed. A work that runs or is done is answered as it is; a refused film stays refused, for another try would end the same. */
export async function retryWork(parts: StudioParts, workId: string): Promise<{ work: WorkView }> {
  requireWorkId(workId);
  const retried = await parts.store.change(workId, randomUUID(), (work) => (work?.state === 'failed' ? [{ type: 'retried' }] : []));
  if (retried === null) throw new RpcError('not_found', `there is no work ${JSON.stringify(workId.slice(0, 64))}`);
  if (retried.work.state === 'refused') throw new RpcError('failed_precondition', `the film was refused: ${retried.work.reason}`);
  await advance(parts, workId, { retry: true });
  parts.board.touch(workId);
  const now = await parts.store.load(workId);
  return { work: shown(parts, now ?? retried) };
}
