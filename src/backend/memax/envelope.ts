import type { JsonObject } from '../json.ts';
import { readObject } from '../read-input.ts';
import { Refused, type Call, type ErrorBody, type Reply } from '../routes.ts';

export const memaxError: ErrorBody = (_status, code, message) => ({ error: { code, message } });

export function data(value: unknown, status = 200): Reply {
  return { status, body: { data: value } };
}

/** The request's body; 400 `invalid_request` where it is not a JSON object, or has a text with NUL, which no database column takes. */
export function readInput(call: Call): JsonObject {
  return readObject(call.body, invalid);
}

export function invalid(message: string): Refused {
  return new Refused(400, 'invalid_request', message);
}
