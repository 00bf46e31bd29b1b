import type { WaitingSignIn, KnownKey } from '../model/known-keys.ts';
import { type Fields, fieldsIn, isFields, isText, isTextOrNull } from './record-fields.ts';

/** A change that an older keywright would misread gets the next number. */
const FORMAT = 1;

/** The folder below that of state. */
export const KNOWN_KEYS_FOLDER = 'known-keys';

/** A key with the account that it was seen with. */
export interface KeptKey extends KnownKey {
  readonly account: string;
}

/** A sign-in with the account that it is for. */
export interface KeptSignIn extends WaitingSignIn {
  readonly account: string;
}

/** The keys that are remembered at one origin, and the sign-ins that wait there. */
export interface KeptKeys {
  readonly provider: string;
  readonly origin: string;
  readonly keys: readonly KeptKey[];
  readonly signIns: readonly KeptSignIn[];
}

export function encodeKeys({ provider, origin, keys, signIns }: KeptKeys): string {
  const fields = {
    v: FORMAT,
    provider,
    origin,
    keys: keys.map(({ id, name, agent, account }) => ({ id, name, agent, account })),
    sign_ins: signIns.map(({ id, account, endsAt }) => ({ id, account, ends_at: new Date(endsAt).toISOString() })),
  };
  return `${JSON.stringify(fields)}\n`;
}

function readKey({ id, name, agent, account }: Fields): readonly KeptKey[] {
  return isText(id) && isTextOrNull(name) && isTextOrNull(agent) && isText(account) ? [{ id, name, agent, account }] : [];
}

function readSignIn({ id, account, ends_at: ends }: Fields): readonly KeptSignIn[] {
  const endsAt = isText(ends) ? Date.parse(ends) : Number.NaN;
  return isText(id) && isText(account) && !Number.isNaN(endsAt) ? [{ id, account, endsAt }] : [];
}

/** What `encodeKeys` made; undefined for anything else. A key or a sign-in that cannot be read is passed over. */
export function decodeKeys(text: string): KeptKeys | undefined {
  const fields = fieldsIn(text);
  if (fields?.['v'] !== FORMAT) return undefined;
  const { provider, origin, keys, sign_ins: signIns } = fields;
  if (!isText(provider) || !isText(origin) || !Array.isArray(keys)) return undefined;
  return {
    provider,
    origin,
    keys: keys.filter(isFields).flatMap(readKey),
    signIns: Array.isArray(signIns) ? signIns.filter(isFields).flatMap(readSignIn) : [],
  };
}
