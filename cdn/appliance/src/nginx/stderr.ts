/** What a line that nginx wrote says about why it cannot run; null for lines that say nothing of the kind. */
export function troubleInLine(line: string): string | null {
  const match = /\[(emerg|alert)\] (?:\d+#\d+: )?(.*)$/.exec(line);
  if (match === null) return null;
  const text = match[2] ?? '';
  const bind = /^bind\(\) to (\S+) failed \((\d+): /.exec(text);
  if (bind !== null && bind[2] === '98') return `port ${bind[1]} is in use by another program`;
  if (bind !== null && bind[2] === '99') return `address ${bind[1]} does not belong to this machine`;
  if (bind !== null && bind[2] === '13') return `port ${bind[1]} may not be opened by this account`;
  return match[1] === 'emerg' && text !== 'still could not bind()' ? `nginx: ${text.slice(0, 200)}` : null;
}
