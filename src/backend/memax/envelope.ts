import { isObject, parseJson, type JsonObject } from '../json.ts';
import { Refused, type Call, type ErrorBody, type Reply } from '../routes.ts';

export const memaxError: ErrorBody = (_status, code, message) => ({ error: { code, message } });

export function data(value: unknown, status = 200): Reply {
  return { status, body: { data: value } };
}

/** The request's body; 400 `invalid_request` where it is not a JSON object, or has a text with NUL, which no database column takes. */
export function readInput(call: Call): JsonObject {
  const body = parseJson(call.body);
  if (!isObject(body)) throw invalid('The body must be a JSON object.');
  for (const [field, value] of Object.entries(body)) {
    if (typeof value === 'string' && value.includes('\0')) throw invalid(`${field} has a NUL character in it.`);
  }
  return body;
}

export function invalid(message: string): Refused {
  return new Refused(400, 'invalid_request', message);
}

/** RFC 3339 in UTC; null stays null. */
export function time(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
