import { Failure } from '../model/failure.ts';

/*
 * What holds for everything that a provider makes and shows once: a key, a client token.
 */

/** What every credential is made of, whoever made it: anything else would break the header, file or shell line that takes it. */
export function isCredentialText(value: string): boolean {
  return /^[\x21-\x7e]{8,512}$/.test(value);
}

/** Whether a text can stand in an address as one segment, and in a table. */
export function isId(id: string): boolean {
  return /^[A-Za-z0-9._~@:+=-]{1,200}$/.test(id) && !/^\.+$/.test(id);
}

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined;

/** The id of what was made in a reply that does not fit otherwise, wherever providers write it. */
export function idIn(body: unknown): string | undefined {
  return [fieldOf(body, 'id'), fieldOf(fieldOf(body, 'data'), 'id')].find((id): id is string => typeof id === 'string' && isId(id));
}

/** The same failure in other words, with one more thing that can be done. */
export function withHint(failure: Failure, detail: string, more: string): Failure {
  return new Failure(failure.code, { detail, hint: [failure.hint ?? '', more].join(' ').trim(), cause: failure });
}
