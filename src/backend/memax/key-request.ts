import { DAY_MS } from '../../model/duration.ts';
import { isStringArray, type JsonObject } from '../json.ts';
import type { KeyDraft } from '../keys.ts';
import { Refused } from '../routes.ts';
import { demand, type Caller } from './caller.ts';
import { invalid } from './envelope.ts';
import { DEFAULT_SCOPES, expandScopes } from './permissions.ts';

const MAX_NAME_LENGTH = 255;
const MAX_DAYS = 3650;
const TRUST_LEVELS: ReadonlySet<unknown> = new Set(['public', 'standard', 'elevated', 'admin']);

/** Reads what `POST /v1/auth/api-keys` asks for, and refuses what this caller may not hand on. */
export function readKeyRequest(input: JsonObject, caller: Caller, now: number): KeyDraft {
  const name = readText(input, 'name').trim();
  if (name === '' || name.length > MAX_NAME_LENGTH) throw invalid(`name must have 1 to ${MAX_NAME_LENGTH} characters.`);
  const agent = readText(input, 'agent_name').trim();
  const days = input['expires_in_days'];
  if (days !== undefined && days !== null && (typeof days !== 'number' || !Number.isInteger(days) || days < 1 || days > MAX_DAYS)) {
    throw invalid(`expires_in_days must be a whole number from 1 to ${MAX_DAYS}.`);
  }
  const trustLevel = input['trust_level'] ?? 'standard';
  if (!TRUST_LEVELS.has(trustLevel)) throw invalid('trust_level must be public, standard, elevated or admin.');
  const { scopes, permissions } = readScopes(input);
  // The vendor takes any credential of the user here; that a key cannot make a stronger one is stricter, and ours.
  demand(caller, permissions);
  const hubIds = readHubs(input, caller);
  return {
    ownerId: caller.user.id,
    name,
    permissions,
    agent,
    extra: { scopes, hubIds, trustLevel, standalone: false },
    expiresAt: typeof days === 'number' ? now + days * DAY_MS : null,
  };
}

function readText(input: JsonObject, field: string): string {
  const value = input[field] ?? '';
  if (typeof value !== 'string') throw invalid(`${field} must be text.`);
  return value;
}

/** Both lists are taken; none, or empty ones (the vendor's own client sends them so), mean the default. */
function readScopes(input: JsonObject): { readonly scopes: readonly string[]; readonly permissions: readonly string[] } {
  const lists = [input['scopes'] ?? [], input['permissions'] ?? []];
  const asked = lists.flatMap((list) => {
    if (!isStringArray(list)) throw new Refused(400, 'invalid_permissions', 'scopes and permissions must be lists of text.');
    return list;
  });
  const scopes = asked.length === 0 ? DEFAULT_SCOPES : asked;
  const expansion = expandScopes(scopes);
  if (expansion.kind === 'unknown') throw new Refused(400, 'invalid_permissions', `There is no permission or bundle called "${expansion.name}".`);
  return { scopes, permissions: expansion.permissions };
}

function readHubs(input: JsonObject, caller: Caller): readonly string[] {
  const many = input['hub_ids'] ?? [];
  const one = input['hub_id'] ?? null;
  if (!isStringArray(many) || (one !== null && typeof one !== 'string')) throw invalid('hub_id must be text, hub_ids a list of text.');
  const hubIds = [...new Set(one === null ? many : [one, ...many])];
  if (hubIds.some((id) => id !== caller.user.hubId)) throw new Refused(403, 'forbidden', 'You have no access to that hub.');
  return hubIds;
}
