import * as v from 'valibot';
import { Failure } from '../model/failure.ts';

/** The times that a provider may name: from 1970 to the last year that RFC 3339 can write. */
const LAST_TIME = Date.parse('9999-12-31T23:59:59Z');

/**
 * Reads a reply's body by a schema. A body that does not fit is `unexpected-answer` and names the first field that is
 * wrong; the body itself is never shown, since it may hold a key.
 */
export function readBody<Schema extends v.GenericSchema>(schema: Schema, body: unknown, what: string): v.InferOutput<Schema> {
  const result = v.safeParse(schema, body, { abortEarly: true });
  if (result.success) return result.output;
  const field = v.getDotPath(result.issues[0]);
  throw new Failure('unexpected-answer', {
    detail: `The answer to "${what}" does not fit: ${field === null ? 'it is not the object that was expected' : `field "${field}" is missing or of the wrong kind`}.`,
    hint: 'The provider may have changed its API, or the address leads to something else. Check the API address; a newer keywright may know the change.',
  });
}

/** A time as RFC 3339 in UTC. Null, nothing, and the zero times that some servers write for "never" become null. */
export const timeOrNull = v.pipe(
  v.nullish(v.string()),
  v.check((text) => text === null || text === undefined || text === '' || (!Number.isNaN(Date.parse(text)) && Date.parse(text) <= LAST_TIME)),
  v.transform((text) => {
    const time = text === null || text === undefined || text === '' ? 0 : Date.parse(text);
    return time <= 0 ? null : new Date(time).toISOString();
  }),
);

/** An id as it comes from a server, checked before it can go into an address or a table. */
export const idText = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9._~@:+=-]{1,200}$/),
  v.check((id) => !/^\.+$/.test(id)),
);
