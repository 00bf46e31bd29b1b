import { isObject, isStringArray, parseJson, type JsonObject } from '../json.ts';
import type { ClientTokenDraft } from './client-tokens.ts';
import { invalid } from './errors.ts';

const PERMISSIONS = ['agents:invoke', 'agents:chat'] as const;

const USUAL_SECONDS = 3600;
const MOST_SECONDS = 86_400;
/** The vendor's documents name the lifetime in two ways. */
const LIFETIMES = ['ttlSeconds', 'expires_in'];

/** Reads what `POST /v1/client-tokens` asks for. Nothing is required, not even a body. */
export function readTokenRequest(body: string, projectId: string, now: number): ClientTokenDraft {
  const input = body === '' ? {} : parseJson(body);
  if (!isObject(input)) throw invalid('The body must be a JSON object.');
  return {
    projectId,
    publicMetadata: readObject(input, 'publicMetadata') ?? {},
    serverContext: readObject(input, 'serverContext') ?? null,
    permissions: readPermissions(input),
    expiresAt: now + readSeconds(input) * 1000,
  };
}

function readObject(input: JsonObject, field: string): JsonObject | undefined {
  const value = input[field];
  if (value !== undefined && !isObject(value)) throw invalid(`${field} must be an object.`);
  return value;
}

function readPermissions(input: JsonObject): readonly string[] {
  const asked = input['permissions'] ?? PERMISSIONS;
  if (!isStringArray(asked)) throw invalid('permissions must be a list of text.');
  const known: readonly string[] = PERMISSIONS;
  const unknown = asked.find((permission) => !known.includes(permission));
  if (unknown !== undefined) throw invalid(`There is no permission called "${unknown}"; there are ${PERMISSIONS.join(' and ')}.`);
  return known.filter((permission) => asked.includes(permission));
}

function readSeconds(input: JsonObject): number {
  const said = LIFETIMES.filter((field) => input[field] !== undefined);
  if (said.length > 1) throw invalid(`Say ${LIFETIMES.join(' or ')}, not both.`);
  const [field] = said;
  if (field === undefined) return USUAL_SECONDS;
  const value = input[field];
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > MOST_SECONDS) {
    throw invalid(`${field} must be a whole number of seconds from 1 to ${MOST_SECONDS}.`);
  }
  return value;
}
