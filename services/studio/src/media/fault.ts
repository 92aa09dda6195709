import type { MediaRefusal } from './refusal.ts';

/** What can go wrong while a film is prepared. `retry`: trying again later may help. */
export const MEDIA_FAULTS = {
  /** The film itself is at fault; `refusal` says how. */
  MEDIA_REFUSED: { side: 'viewer', retry: false },
  /** ffmpeg, ffprobe or a program that guards them is not installed. */
  MEDIA_PROGRAM_MISSING: { side: 'us', retry: false },
  /** Something killed the program, such as the kernel when memory ran out. */
  MEDIA_PROGRAM_KILLED: { side: 'dependency', retry: true },
  /** The disk is full. */
  MEDIA_NO_SPACE: { side: 'dependency', retry: true },
  /** The source file or folder cannot be read. */
  MEDIA_SOURCE_UNREADABLE: { side: 'us', retry: true },
  /** The program failed for a reason that does not point at the film. */
  MEDIA_PROGRAM_FAILED: { side: 'us', retry: true },
} as const;
export type MediaFaultCode = keyof typeof MEDIA_FAULTS;

export class MediaFault extends Error {
  readonly code: MediaFaultCode;
  /** Set with MEDIA_REFUSED only. */
  readonly refusal: MediaRefusal | null;
  constructor(code: MediaFaultCode, message: string, options: { cause?: unknown; refusal?: MediaRefusal } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'MediaFault';
    this.code = code;
    this.refusal = options.refusal ?? null;
  }
  get retry(): boolean {
    return MEDIA_FAULTS[this.code].retry;
  }
}

export function refusedFault(refusal: MediaRefusal): MediaFault {
  return new MediaFault('MEDIA_REFUSED', refusal.message, { refusal });
}
