/** Somewhere a file can be fetched from. */
export type Source = {
  /** For people and logs: "appliance a2", "the origin". */
  readonly name: string;
  /** Rejects when it cannot give the file. `startsAt` is 0 or the offset asked for. */
  open(offset: number, signal: AbortSignal): Promise<{ readonly startsAt: number; readonly body: AsyncIterable<Uint8Array> }>;
};

/** Where the body of an answer to `Range: bytes=<offset>-` begins. */
export function startOf(status: number, contentRange: string | undefined, offset: number): number {
  if (status === 200) return 0;
  const match = /^bytes (\d+)-/.exec(contentRange ?? '');
  if (status === 206 && match !== null && Number(match[1]) === offset) return offset;
  throw new Error(`answered ${status}${contentRange === undefined ? '' : ` with ${contentRange}`}`);
}
