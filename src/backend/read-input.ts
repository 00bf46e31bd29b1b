import { isObject, parseJson, type JsonObject } from './json.ts';
import type { Refused } from './routes.ts';

/**
 * The JSON object that a body holds. Anything else is refused in the words of the realm, and so is a text with NUL in one of its fields
 * or in a list there, at which a database would stop reading.
 */
export function readObject(body: string, refuse: (message: string) => Refused): JsonObject {
  const input = parseJson(body);
  if (!isObject(input)) throw refuse('The body must be a JSON object.');
  for (const [field, value] of Object.entries(input)) {
    if ([value].flat().some((part) => typeof part === 'string' && part.includes('\0'))) throw refuse(`${field} has a NUL character in it.`);
  }
  return input;
}
