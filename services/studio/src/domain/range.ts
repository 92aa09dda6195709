/** Reads one `bytes=` range (RFC 9110, 14.2); `end` is exclusive. Null: none was asked for, or in a way that is to be passed over (several ranges). */
export function parseRange(header: string | undefined, bytes: number): { start: number; end: number } | 'unsatisfiable' | null {
  const parts = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '');
  if (parts === null) return null;
  const [, from = '', to = ''] = parts;
  if (from === '' && to === '') return null;
  if (from === '') return to === '0' ? 'unsatisfiable' : { start: Math.max(0, bytes - Number(to)), end: bytes };
  const start = Number(from);
  if (to !== '' && Number(to) < start) return null;
  return start >= bytes ? 'unsatisfiable' : { start, end: to === '' ? bytes : Math.min(bytes, Number(to) + 1) };
}
