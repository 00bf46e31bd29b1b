import type { JsonObject } from '../json.ts';
import { mediaType } from '../media-type.ts';
import { readObject } from '../read-input.ts';
import { Refused, type Call } from '../routes.ts';
import { invalid } from './errors.ts';

const LONGEST_NAME = 100;

/** The fields of a body that may be left out: no body has none of them. 415 where it says that it is something else than JSON. */
export function readInput(call: Call): JsonObject {
  if (call.body === '') return {};
  if (mediaType(call.headers) !== 'application/json') throw new Refused(415, 'unsupported_media_type', 'The body must be application/json.');
  return readObject(call.body, invalid);
}

/** 1 to 100 characters without the white space around them; null where nothing is left, or nothing was given. */
export function readName(input: JsonObject): string | null {
  const name = input['name'] ?? '';
  if (typeof name !== 'string') throw invalid('name must be text.');
  const trimmed = name.trim();
  if ([...trimmed].length > LONGEST_NAME) throw invalid(`name must have 1 to ${LONGEST_NAME} characters.`);
  return trimmed === '' ? null : trimmed;
}
