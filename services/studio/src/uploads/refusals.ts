/** An error as `@tus/server` wants it: it becomes the answer. The body has the shape of our other errors, so that clients read one kind. */
export type TusRefusal = Error & { readonly status_code: number; readonly body: string };

export function refusal(status: number, code: string, message: string): TusRefusal {
  return Object.assign(new Error(message), { status_code: status, body: JSON.stringify({ code, message }) });
}
