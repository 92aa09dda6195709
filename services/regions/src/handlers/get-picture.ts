import type { MessageInitShape } from '@bufbuild/protobuf';
import { RpcError } from '@bioscope/rpc';
import type { RequestContext } from '@bioscope/rpc';
import type { GetPictureRequest, GetPictureResponseSchema } from '../../contract/index.ts';
import { regionMessage } from '../messages.ts';
import type { Watching } from '../watch-regions.ts';

/** Long polls answer at least this often, so that proxies between do not take them for dead. */
const WAIT_MS_MAX = 20_000;
/** While this instance is blind. */
const LOOK_AGAIN_MS = 200;
/** The answer leaves this long before the caller stops waiting. */
const ANSWER_MARGIN_MS = 100;

export async function getPicture(
  on: { readonly watching: Pick<Watching, 'picture' | 'changed'>; readonly dnsTtlSeconds: number; nowMs(): number },
  request: GetPictureRequest,
  context: Pick<RequestContext, 'deadlineAtMs' | 'signal'>,
): Promise<MessageInitShape<typeof GetPictureResponseSchema>> {
  const untilMs = Math.min(on.nowMs() + Math.min(request.waitMs, WAIT_MS_MAX), context.deadlineAtMs - ANSWER_MARGIN_MS);
  for (let more = true; ;) {
    const picture = on.watching.picture();
    if (picture !== null && picture.version !== request.knownVersion) return shown(picture);
    const leftMs = untilMs - on.nowMs();
    if (leftMs <= 0 || context.signal.aborted || !more) {
      if (picture === null) throw new RpcError('unavailable', 'this instance cannot see the regions now', { surelyNotRun: true });
      return shown(picture);
    }
    // Blindness is no change that anybody announces.
    more = await on.watching.changed(picture === null ? Math.min(leftMs, LOOK_AGAIN_MS) : leftMs, context.signal);
  }

  function shown({ version, regions }: NonNullable<ReturnType<Watching['picture']>>): MessageInitShape<typeof GetPictureResponseSchema> {
    return { version, dnsTtlSeconds: on.dnsTtlSeconds, regions: regions.map(regionMessage) };
  }
}
