import type { IncomingMessage } from 'node:http';

import type { HttpHandler } from '@bioscope/rpc';

import type { Sandbox } from './sandbox.ts';
import { TEST_CARDS } from './test-cards.ts';

/** A card form is 200 bytes. */
const BODY_BYTES_MAX = 4_096;

/**
 * The sandbox's door for browsers, as a processor's hosted fields have one. JSON:
 * `GET /sandbox/cards` lists the test cards; `POST /sandbox/tokens` `{number, expiresMonth, expiresYear}` answers `{token}` or 400 `{problem}`;
 * `GET /sandbox/challenges/<id>` shows a step-up, `POST` `{answer: "approve" | "reject"}` answers it.
 */
export function serveSandbox(sandbox: Sandbox): HttpHandler {
  return async (request, response, context) => {
    const [, , place, id] = context.path.split('?')[0]?.split('/') ?? [];
    const answer = await answerTo({ sandbox, request, place: place ?? '', id: id ?? '' });
    response.writeHead(answer.status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(JSON.stringify(answer.body));
  };
}

type Answer = { readonly status: number; readonly body: unknown };
type Asked = { readonly sandbox: Sandbox; readonly request: IncomingMessage; readonly place: string; readonly id: string };

async function answerTo({ sandbox, request, place, id }: Asked): Promise<Answer> {
  const isPost = request.method === 'POST';
  if (!isPost && request.method !== 'GET') return { status: 405, body: { problem: 'method_not_allowed' } };
  if (place === 'cards' && !isPost) return { status: 200, body: { cards: TEST_CARDS } };
  if (place === 'challenges' && !isPost) return challengeAnswer(await sandbox.showChallenge(id.slice(0, ID_MAX)));
  if (!isPost || (place !== 'tokens' && place !== 'challenges')) return NOT_FOUND;
  const body = await readJson(request);
  if (body === null) return { status: 400, body: { problem: 'body_not_json' } };
  if (place === 'tokens') {
    const { number, expiresMonth, expiresYear } = body;
    if (typeof number !== 'string') return { status: 400, body: { problem: 'card_not_a_test_card' } };
    const made = await sandbox.tokenise({ number, expiresMonth: Number(expiresMonth), expiresYear: Number(expiresYear) });
    return { status: 'token' in made ? 201 : 400, body: made };
  }
  if (body['answer'] !== 'approve' && body['answer'] !== 'reject') return { status: 400, body: { problem: 'answer_unknown' } };
  return challengeAnswer(await sandbox.answerChallenge(id.slice(0, ID_MAX), body['answer'] === 'approve'));
}

function challengeAnswer(charge: Awaited<ReturnType<Sandbox['showChallenge']>>): Answer {
  if (charge === null) return NOT_FOUND;
  const { state, amountMinor, currency } = charge;
  return { status: 200, body: { state, amountMinor, currency } };
}

/** Null when it is too long, no JSON, or no object. */
async function readJson(request: IncomingMessage): Promise<Readonly<Record<string, unknown>> | null> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > BODY_BYTES_MAX) return null;
    pieces.push(piece);
  }
  try {
    const parsed: unknown = JSON.parse(Buffer.concat(pieces).toString());
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

const NOT_FOUND: Answer = { status: 404, body: { problem: 'not_found' } };
const ID_MAX = 100;
