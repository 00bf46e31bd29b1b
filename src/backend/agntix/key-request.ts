import { isStringArray, type JsonObject } from '../json.ts';
import type { KeptKey, Keys } from '../keys.ts';
import { Refused } from '../routes.ts';
import { demand, type Caller } from './caller.ts';
import { unprocessable } from './errors.ts';
import { SCOPES } from './scopes.ts';

const LONGEST_NAME = 100;
const KNOWN: ReadonlySet<string> = new Set(SCOPES);

/** Makes the key that `input` asks for: 422 where that is not a key, 403 where it could do more than the caller, 409 where the name is taken. */
export function createKey(keys: Keys, caller: Caller, input: JsonObject): { readonly key: KeptKey; readonly raw: string } {
  const name = readName(input);
  const scopes = readScopes(input);
  // The vendor only says that keys have scopes; that a key cannot make a stronger one is our assumption.
  demand(caller, scopes);
  const ownerId = caller.organization.id;
  if (keys.hasNamed(ownerId, name)) throw new Refused(409, 'conflict', `There is a key called "${name}" already.`);
  return keys.create({ ownerId, name, permissions: scopes, agent: '', extra: {}, expiresAt: null });
}

function readName({ name }: JsonObject): string {
  const trimmed = typeof name === 'string' ? name.trim() : '';
  if (trimmed === '' || [...trimmed].length > LONGEST_NAME) throw unprocessable(`name must have 1 to ${LONGEST_NAME} characters.`);
  return trimmed;
}

function readScopes({ scopes }: JsonObject): readonly string[] {
  if (!isStringArray(scopes) || scopes.length === 0) throw unprocessable('scopes must be a list with at least one scope.');
  const unknown = scopes.find((scope) => !KNOWN.has(scope));
  if (unknown !== undefined) throw unprocessable(`There is no scope called "${unknown}".`);
  return [...new Set(scopes)];
}
