import type { MessageInitShape } from '@bufbuild/protobuf';
import { RpcError } from '@bioscope/rpc';
import type { StartRunResponseSchema } from '../../contract/index.ts';
import { beginEvacuation, beginRestore } from '../domain/begin-run.ts';
import type { Wanted } from '../domain/begin-run.ts';
import type { RunKind } from '../domain/course.ts';
import { runMessage } from '../messages.ts';
import type { RegionsStore } from '../store.ts';
import type { Watching } from '../watch-regions.ts';

const ID = /^[A-Za-z0-9_-]{1,64}$/;
const REASON_LENGTH_MAX = 500;
const BY_LENGTH_MAX = 100;
/** Steps of another run may come between as often as the service looks; more is a store in trouble. */
const TRIES_MAX = 5;

/** Begins a run, or says why not. Sent again with the same id, it answers with the run as it is now. */
export async function startRun(
  on: {
    readonly store: Pick<RegionsStore, 'readCourse' | 'append'>;
    readonly watching: Pick<Watching, 'outlook' | 'lookNow'>;
    nowMs(): number;
  },
  kind: RunKind,
  wanted: Wanted,
): Promise<MessageInitShape<typeof StartRunResponseSchema>> {
  if (!ID.test(wanted.id)) throw new RpcError('invalid_argument', 'command_id: 1 to 64 letters, digits, "-" or "_"');
  if (wanted.reason.length > REASON_LENGTH_MAX) throw new RpcError('invalid_argument', `reason: at most ${REASON_LENGTH_MAX} characters`);
  if (wanted.by.trim() === '' || wanted.by.length > BY_LENGTH_MAX)
    throw new RpcError('invalid_argument', `by: 1 to ${BY_LENGTH_MAX} characters that say who wants it`);
  const begin = kind === 'evacuate' ? beginEvacuation : beginRestore;
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const kept = await on.store.readCourse();
    const known = kept.course.runs.find(({ id }) => id === wanted.id);
    if (known !== undefined) return { outcome: { case: 'started', value: runMessage(known) } };
    const outlook = on.watching.outlook();
    if (outlook === null || !outlook.hearing)
      throw new RpcError('unavailable', 'no gateway has been heard for long enough to decide; try again in some seconds', {
        surelyNotRun: true,
      });
    const outcome = begin({ ...outlook, course: kept.course, nowMs: on.nowMs() }, wanted);
    if (outcome.kind === 'refused') {
      const { kind: _, ...refusal } = outcome;
      return { outcome: { case: 'refused', value: refusal } };
    }
    const appended = await on.store.append({ expectedVersion: kept.version, events: outcome.events, commandId: `begin-${wanted.id}` });
    if (appended === 'appended') await on.watching.lookNow();
  }
  throw new RpcError('aborted', 'the course of regions changes all the time; try again');
}
