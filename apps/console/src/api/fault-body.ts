import { refusalText } from './refusal-text.ts';

/**
 * What an error answer of any of our services says: `{ code, message }` (RPC, uploads) or `{ refused, message, field }` (the session door). What access refused
 * is said in the console's words.
 */
export async function readFault(response: Response): Promise<{ code: string; message: string; field: string }> {
  const body: unknown = await response.json().catch(() => null);
  return {
    code: textOf(body, 'code') || textOf(body, 'refused'),
    message: refusalText(body) || textOf(body, 'message'),
    field: textOf(body, 'field'),
  };
}

export function textOf(value: unknown, name: string): string {
  if (typeof value !== 'object' || value === null) return '';
  const field: unknown = Reflect.get(value, name);
  return typeof field === 'string' ? field : '';
}

export function numberOf(value: unknown, name: string): number {
  if (typeof value !== 'object' || value === null) return 0;
  const field: unknown = Reflect.get(value, name);
  return typeof field === 'number' && Number.isFinite(field) ? field : 0;
}
