/** The code of a system error, such as "ENOSPC"; also of one that another error carries as its cause. */
export function systemCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('code' in error && typeof error.code === 'string' && /^E[A-Z]+$/.test(error.code)) return error.code;
  return 'cause' in error ? systemCode(error.cause) : undefined;
}

export function isNotFound(error: unknown): boolean {
  return systemCode(error) === 'ENOENT';
}

/** EDQUOT: the same for the account instead of the disk. */
export function isNoSpace(error: unknown): boolean {
  const code = systemCode(error);
  return code === 'ENOSPC' || code === 'EDQUOT';
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
