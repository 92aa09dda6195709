import type { MessageInitShape } from '@bufbuild/protobuf';
import type { Edition, Title } from '@bioscope/catalog/contract';
import type { RequestContext } from '@bioscope/rpc';

import type { StartSessionRequest, StartSessionResponseSchema, StoryboardViewSchema } from '../../contract/index.ts';
import { resumePosition } from '../domain/bookmark.ts';
import { clientAddress } from '../domain/client-address.ts';
import { decidePlay, refused, type Refused } from '../domain/entitlement.ts';
import type { PathwayBase } from '../domain/manifest/presentation.ts';
import { editionUrl } from '../domain/manifest/presentation.ts';
import type { Session } from '../domain/session.ts';
import type { PlaybackParts } from './context.ts';
import { requireId, requireViewer } from './requests.ts';

type Answer = MessageInitShape<typeof StartSessionResponseSchema>;

export async function startSession(parts: PlaybackParts, request: StartSessionRequest, context: RequestContext): Promise<Answer> {
  const titleId = requireId('title_id', request.titleId);
  const viewerId = requireViewer(request.viewerId);
  const title = (await parts.store.isRemoved(titleId)) ? null : await parts.catalogue.title(titleId, context);
  const decision = decidePlay(title, parts.nowMs());
  if (decision.kind === 'refused') return refusal(decision);
  const edition = await parts.catalogue.edition(decision.editionId, context);
  if (edition === null || title === null) return refusal(refused('not_ready', 'This title is being replaced. Try again in a moment.'));
  const session = await placeSession(parts, { titleId, viewerId, edition }, context);
  if (session === null) return refusal(NO_APPLIANCE);
  const token = await parts.tokens.issue({ sessionId: session.id, editionId: edition.id });
  const bookmark = await parts.store.readBookmark(viewerId, titleId);
  await parts.store.putSession(session);
  const value = {
    ...describe(session, title, edition),
    ...storyboardView(session, edition, token.token),
    token,
    heartbeatEveryMs: parts.config.heartbeatEveryMs,
    resumePositionMs: resumePosition(bookmark),
  };
  return { outcome: { case: 'granted', value } };
}

/** Null when no server can deliver the edition now. */
async function placeSession(
  { pathways, newSessionId, nowMs, log }: PlaybackParts,
  play: { readonly titleId: string; readonly viewerId: string; readonly edition: Edition },
  context: RequestContext,
): Promise<Session | null> {
  const id = newSessionId();
  const ranked = await pathways
    .rank({ editionId: play.edition.id, sessionId: id, clientAddress: clientAddress(context.header('x-forwarded-for')) }, context)
    .catch((fault: unknown) => {
      log.warn({ err: fault }, 'steering does not answer and never ranked this edition');
      return [] as readonly PathwayBase[];
    });
  if (ranked.length === 0) return null;
  const { titleId, viewerId, edition } = play;
  const atMs = nowMs();
  return {
    id,
    titleId,
    editionId: edition.id,
    viewerId,
    durationMs: edition.durationMs,
    pathways: ranked,
    startedAtMs: atMs,
    renewedAtMs: atMs,
    endedAtMs: null,
  };
}

const NO_APPLIANCE = refused('no_appliance', 'No server can deliver this title at the moment. Try again in a minute.');

function describe(session: Session, title: Title, edition: Edition) {
  return {
    sessionId: session.id,
    titleId: session.titleId,
    titleName: title.name,
    editionId: edition.id,
    durationMs: edition.durationMs,
    dashPath: `/sessions/${session.id}/manifest.mpd`,
    hlsPath: `/sessions/${session.id}/master.m3u8`,
  };
}

/** All sheets on the first pathway, then all on the next; nothing when the edition has no storyboard. */
function storyboardView(session: Session, edition: Edition, token: string): { storyboard?: MessageInitShape<typeof StoryboardViewSchema> } {
  const { storyboard } = edition;
  if (storyboard === undefined || storyboard.files.length === 0) return {};
  const { columns, rows, thumbnailWidth, thumbnailHeight, everyMs, thumbnails, files } = storyboard;
  const urls = session.pathways.flatMap((pathway) => files.map((file) => `${editionUrl({ token, edition }, pathway)}${file}`));
  return { storyboard: { urls, columns, rows, thumbnailWidth, thumbnailHeight, everyMs, thumbnails } };
}

function refusal({ because, message }: Refused): Answer {
  return { outcome: { case: 'refused', value: { because, message } } };
}
