/** What the parent asks of the child process: one line of JSON on its stdin. The value of a `set` is a secret, so it goes no other way. */
export type ChildRequest =
  | { readonly op: 'get'; readonly service: string; readonly name: string }
  | { readonly op: 'delete'; readonly service: string; readonly name: string }
  | { readonly op: 'set'; readonly service: string; readonly name: string; readonly value: string };

/** What the child answers: JSON on its stdout. `failed` carries the library's error text, `no-library` that it could not be loaded. */
export type ChildAnswer =
  | { readonly kind: 'value'; readonly value: string | null }
  | { readonly kind: 'set' }
  | { readonly kind: 'deleted' | 'absent' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'no-library' };

/** Reads a request. Undefined where the text is none. */
export function readChildRequest(text: string): ChildRequest | undefined {
  const { op, service, name, value } = fieldsOf(text);
  if (typeof service !== 'string' || typeof name !== 'string') return undefined;
  if (op === 'get' || op === 'delete') return { op, service, name };
  return op === 'set' && typeof value === 'string' ? { op, service, name, value } : undefined;
}

/** Reads an answer. Undefined where the text is none, which means that the child ended before it could give one. */
export function readChildAnswer(text: string): ChildAnswer | undefined {
  const { kind, value, message } = fieldsOf(text);
  if (kind === 'value' && (typeof value === 'string' || value === null)) return { kind, value };
  if (kind === 'failed' && typeof message === 'string') return { kind, message };
  return kind === 'set' || kind === 'deleted' || kind === 'absent' || kind === 'no-library' ? { kind } : undefined;
}

function fieldsOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
