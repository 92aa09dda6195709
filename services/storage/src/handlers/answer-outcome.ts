import type { IncomingMessage, ServerResponse } from 'node:http';
import { create, toJsonString } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { BlobOutcomeSchema } from '../../contract/index.ts';
import { faultOf } from '../domain/faults.ts';

export type OutcomeInit = NonNullable<MessageInitShape<typeof BlobOutcomeSchema>['is']>;

/** Below the 30 s after which a caller gives up on an answer that stands still. */
const SIGN_OF_LIFE_MS = 10_000;
/** How long the rest of a body may keep coming that nobody reads any more: a caller who has the answer breaks off by itself. */
const LINGER_MS = 5_000;

/**
 * Answers with what `work` comes to, however long that takes: joining the parts of a film is minutes of copying, in which white space keeps the
 * answer alive. `work` gets a signal that aborts when the caller goes away. Rejects only with what is no fault of the port.
 */
export async function answerOutcome(
  request: IncomingMessage,
  response: ServerResponse,
  work: (gone: AbortSignal) => Promise<OutcomeInit>,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort(new Error('the caller went away')));
  const beat = setInterval(() => {
    if (!request.complete) return;
    begin(response);
    response.write(' ');
  }, SIGN_OF_LIFE_MS);
  try {
    sendOutcome(request, response, await work(gone.signal).catch(faulted));
  } catch (error) {
    // Whatever became of the work, nobody waits for it.
    if (!gone.signal.aborted) throw error;
  } finally {
    clearInterval(beat);
  }
}

export function sendOutcome(request: IncomingMessage, response: ServerResponse, is: OutcomeInit): void {
  begin(response);
  response.end(toJsonString(BlobOutcomeSchema, create(BlobOutcomeSchema, { is })));
  if (request.complete) return;
  const timer = setTimeout(() => request.destroy(), LINGER_MS);
  request.once('close', () => clearTimeout(timer));
}

function begin(response: ServerResponse): void {
  if (!response.headersSent) response.writeHead(200, { 'content-type': 'application/json', 'bioscope-blob': 'outcome' });
}

function faulted(error: unknown): OutcomeInit {
  const fault = faultOf(error);
  if (fault === null) throw error;
  return { case: 'fault', value: fault };
}
