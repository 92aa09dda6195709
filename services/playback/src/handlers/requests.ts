import { RpcError } from '@bioscope/rpc';

const VIEWER = /^[A-Za-z0-9_-]{16,64}$/;
const ID = /^[A-Za-z0-9_-]{1,64}$/;

export function requireViewer(viewerId: string): string {
  if (!VIEWER.test(viewerId)) throw new RpcError('invalid_argument', 'viewer_id must be 16 to 64 of A-Z a-z 0-9 _ -');
  return viewerId;
}

/** Checks an id from outside; `field` names it in the message. */
export function requireId(field: string, id: string): string {
  if (!ID.test(id)) throw new RpcError('invalid_argument', `${field} must be 1 to 64 of A-Z a-z 0-9 _ -`);
  return id;
}

export function requirePosition(positionMs: number): number {
  if (!Number.isFinite(positionMs) || positionMs < 0) throw new RpcError('invalid_argument', 'position_ms must be a number from 0');
  return positionMs;
}
