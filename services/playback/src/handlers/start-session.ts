import type { MessageInitShape } from '@bufbuild/protobuf';
import type { Edition, Title } from '@bioscope/catalog/contract';
import type { RequestContext } from '@bioscope/rpc';

import type { StartSessionRequest, StartSessionResponseSchema, StoryboardViewSchema } from '../../contract/index.ts';
import { resumePosition } from '../domain/bookmark.ts';
import { clientAddress } from '../domain/client-address.ts';
import { refused } from '../domain/entitlement.ts';
import type { PathwayBase } from '../domain/manifest/presentation.ts';
import { editionUrl } from '../domain/manifest/presentation.ts';
import type { Grant, Session } from '../domain/session.ts';
import { answerRefusal } from './answer-refusal.ts';
import type { PlaybackParts } from './context.ts';
import { countStart } from './count-start.ts';
import { entitle } from './entitle.ts';
import { requireId } from './requests.ts';

type Answer = MessageInitShape<typeof StartSessionResponseSchema>;

export function startSession(parts: PlaybackParts, request: StartSessionRequest, context: RequestContext): Promise<Answer> {
  return countStart(parts, () => tryToStart(parts, request, context));
}

async function tryToStart(parts: PlaybackParts, request: StartSessionRequest, context: RequestContext): Promise<Answer> {
  const titleId = requireId('title_id', request.titleId);
  const title = (await parts.store.isRemoved(titleId)) ? null : await parts.catalogue.title(titleId, context);
  if (title === null) return answerRefusal(UNKNOWN_TITLE);
  const sessionId = parts.newSessionId();
  const entitled = await entitle(parts, { request, title, sessionId }, context);
  if (entitled.kind === 'refused') return answerRefusal(entitled);
  const { viewerId, grant } = entitled;
  try {
    return await begin(parts, { title, viewerId, sessionId, grant }, context);
  } catch (fault) {
    await giveBack(parts, sessionId, grant);
    throw fault;
  }
}

type Play = { readonly title: Title; readonly viewerId: string; readonly sessionId: string; readonly grant: Grant | null };

async function begin(parts: PlaybackParts, play: Play, context: RequestContext): Promise<Answer> {
  const { title, viewerId, sessionId, grant } = play;
  const edition = await parts.catalogue.edition(title.editionId, context);
  const session = edition === null ? null : await placeSession(parts, { ...play, edition }, context);
  if (edition === null || session === null) {
    await giveBack(parts, sessionId, grant);
    return answerRefusal(edition === null ? BEING_REPLACED : NO_APPLIANCE);
  }
  const token = await parts.tokens.issue({ sessionId: session.id, editionId: edition.id });
  const bookmark = await parts.store.readBookmark(viewerId, title.id);
  await parts.store.putSession(session);
  const value = {
    ...describe(session, title, edition),
    ...storyboardView(session, edition, token.token),
    token,
    heartbeatEveryMs: parts.config.heartbeatEveryMs,
    resumePositionMs: resumePosition(bookmark),
    heightMax: grant?.heightMax ?? 0,
  };
  return { outcome: { case: 'granted', value } };
}

/** The slot of a session that does not begin. When that fails too, it runs out by itself. */
async function giveBack({ members, log }: PlaybackParts, sessionId: string, grant: Grant | null): Promise<void> {
  if (grant === null) return;
  await members?.streams
    .free(grant.accountId, sessionId)
    .catch((fault: unknown) => log.warn({ err: fault }, 'a stream slot was not given back'));
}

/** Null when no server can deliver the edition now. */
async function placeSession(
  { pathways, nowMs, log }: PlaybackParts,
  play: Play & { readonly edition: Edition },
  context: RequestContext,
): Promise<Session | null> {
  const { sessionId: id, title, viewerId, edition, grant } = play;
  const ranked = await pathways
    .rank({ editionId: edition.id, sessionId: id, clientAddress: clientAddress(context.header('x-forwarded-for')) }, context)
    .catch((fault: unknown) => {
      log.warn({ err: fault }, 'steering does not answer and never ranked this edition');
      return [] as readonly PathwayBase[];
    });
  if (ranked.length === 0) return null;
  const atMs = nowMs();
  return {
    id,
    titleId: title.id,
    editionId: edition.id,
    viewerId,
    durationMs: edition.durationMs,
    pathways: ranked,
    startedAtMs: atMs,
    renewedAtMs: atMs,
    endedAtMs: null,
    grant,
  };
}

const UNKNOWN_TITLE = refused('unknown_title', 'This title is not in the catalogue any more.');
const BEING_REPLACED = refused('not_ready', 'This title is being replaced. Try again in a moment.');
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
