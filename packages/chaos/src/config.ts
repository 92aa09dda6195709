/** Whether this process takes orders for faults. Off unless somebody says so: a service of real members is not to be broken by accident. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): { readonly isAllowed: boolean } {
  const text = environment['BIOSCOPE_CHAOS'] ?? '';
  if (!['', '0', '1'].includes(text)) throw new Error(`BIOSCOPE_CHAOS is ${JSON.stringify(text)}: write 1, or leave it out`);
  return { isAllowed: text === '1' };
}
