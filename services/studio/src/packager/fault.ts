/** Why pieces could not be packaged. None is the viewer's fault: the pieces come from our own encoder. */
const PACKAGING_FAULTS = {
  /** A box is cut short, contradicts itself, or lies outside the file: the piece is damaged. */
  PACKAGE_MALFORMED: { side: 'us', retry: true },
  /** Well-formed, but not what this packager joins (two tracks, B-frames with positive offsets, another codec). */
  PACKAGE_UNSUPPORTED: { side: 'us', retry: false },
  /** The pieces were not made with the same encoder settings. */
  PACKAGE_PIECES_DIFFER: { side: 'us', retry: false },
  /** A frame, a cut or a whole track is not where the segment grid wants it. */
  PACKAGE_OFF_GRID: { side: 'us', retry: false },
  /** Beyond a named limit of this packager. */
  PACKAGE_TOO_LARGE: { side: 'us', retry: false },
} as const;
export type PackagingFaultCode = keyof typeof PACKAGING_FAULTS;

export class PackagingFault extends Error {
  readonly code: PackagingFaultCode;
  constructor(code: PackagingFaultCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'PackagingFault';
    this.code = code;
  }
}
