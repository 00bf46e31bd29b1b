import type { KnownKey } from '../model/known-keys.ts';
import { type Fields, fieldsIn, isFields, isText, isTextOrNull } from './record-fields.ts';

/** A change that an older keywright would misread gets the next number. */
const FORMAT = 1;

/** The folder below that of state. */
export const KNOWN_KEYS_FOLDER = 'known-keys';

/** A key with the account that it was seen with. */
export interface KeptKey extends KnownKey {
  readonly account: string;
}

/** The keys that are remembered at one origin. */
export interface KeptKeys {
  readonly provider: string;
  readonly origin: string;
  readonly keys: readonly KeptKey[];
}

export function encodeKeys({ provider, origin, keys }: KeptKeys): string {
  return `${JSON.stringify({ v: FORMAT, provider, origin, keys: keys.map(({ id, name, agent, account }) => ({ id, name, agent, account })) })}\n`;
}

function readKey({ id, name, agent, account }: Fields): readonly KeptKey[] {
  return isText(id) && isTextOrNull(name) && isTextOrNull(agent) && isText(account) ? [{ id, name, agent, account }] : [];
}

/** What `encodeKeys` made; undefined for anything else. A key that cannot be read is passed over. */
export function decodeKeys(text: string): KeptKeys | undefined {
  const fields = fieldsIn(text);
  if (fields?.['v'] !== FORMAT) return undefined;
  const { provider, origin, keys } = fields;
  if (!isText(provider) || !isText(origin) || !Array.isArray(keys)) return undefined;
  return { provider, origin, keys: keys.filter(isFields).flatMap(readKey) };
}
