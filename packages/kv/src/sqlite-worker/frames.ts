import type { Packer, Unpacker } from './packing.ts';

/**
 * A message between threads is a run of frames. Request: length, id, operation, time, payload. Answer: length, id, status, payload;
 * id 0 is a notice.
 */
export type RequestFrame = { readonly id: number; readonly operation: number; readonly nowMs: number };

export const STATUS = { ok: 0, fault: 1 } as const;
export const NOTICE_ID = 0;

/** Packs a whole request; when `pack` throws, nothing of it stays. */
export function packRequest(packer: Packer, frame: RequestFrame, pack: (packer: Packer) => void): void {
  const start = packer.length;
  packer.u32(0);
  packer.u32(frame.id);
  packer.u8(frame.operation);
  packer.f64(frame.nowMs);
  try {
    pack(packer);
  } catch (error) {
    packer.truncate(start);
    throw error;
  }
  endFrame(packer, start);
}

/** Starts an answer; `endFrame` with what it returned completes it. */
export function beginAnswer(packer: Packer, id: number, status: number): number {
  const start = packer.length;
  packer.u32(0);
  packer.u32(id);
  packer.u8(status);
  return start;
}

export function endFrame(packer: Packer, start: number): void {
  packer.patchU32(start, packer.length - start);
}

export function packFault(packer: Packer, id: number, code: string, message: string): void {
  const start = beginAnswer(packer, id, STATUS.fault);
  packer.text(code);
  packer.text(message.slice(0, MESSAGE_CHARACTERS_MAX));
  endFrame(packer, start);
}

/** Reads a frame's length and leaves the unpacker behind it; returns where the frame ends. */
export function frameEnd(unpacker: Unpacker): number {
  const start = unpacker.position;
  return start + unpacker.u32();
}

/** A fault's text is for a person; a database error that quotes its whole statement helps nobody. */
const MESSAGE_CHARACTERS_MAX = 1_000;
