import * as v from 'valibot';
import { FAILURES } from '../../src/model/failure.ts';

/*
 * The pieces that outputs are made of. Names are as they are printed: snake_case, and permanent.
 */

/** A value with what it means. */
export const about = <Schema extends v.GenericSchema>(schema: Schema, text: string) => v.pipe(schema, v.description(text));

/** A time as every command prints it: RFC 3339 in UTC. */
export const time = v.pipe(v.string(), v.isoTimestamp(), v.regex(/Z$/));

export const text = v.string();
export const flag = v.boolean();
export const words = v.array(v.string());
export const orNull = <Schema extends v.GenericSchema>(schema: Schema) => v.nullable(schema);
export const oneOf = <const Words extends readonly [string, ...string[]]>(...names: Words) => v.picklist(names);
export const count = v.pipe(v.number(), v.integer(), v.minValue(0));
/** Permanent: scripts match on it. */
export const code = v.picklist(Object.keys(FAILURES));
/** What somebody else wrote, of any shape. */
export const anything = v.unknown();

export const store = about(oneOf('keychain', 'file'), 'The keychain of the system, or the encrypted file');

export const identity = v.strictObject({
  id: about(text, "The provider's id of it"),
  label: about(text, 'What a person recognises: an e-mail address, a name, or the id again'),
  hubs: v.optional(
    about(v.array(v.strictObject({ id: text, name: orNull(text), role: orNull(text) })), 'The spaces that it has access to, where the provider has such'),
  ),
});

export const mismatch = about(
  v.strictObject({ account: text, identity }),
  'Only where the stored sign-in that a variable hides is known to belong to somebody else',
);

const keyFields = {
  id: about(text, 'What revoke-key and rotate-key take'),
  name: orNull(text),
  prefix: about(orNull(text), 'The first characters of the key, where the provider tells them'),
  scopes: words,
  agent: about(orNull(text), 'The agent that it was made for; null for a plain key'),
  hubs: about(words, 'The ids of the hubs that it is confined to; empty where it reaches all that its owner does'),
  trust: orNull(text),
  created_at: orNull(time),
  expires_at: about(orNull(time), 'Null where it does not end, or the provider does not say'),
  last_used_at: about(orNull(time), 'Null where it was never used, or the provider does not say'),
};

export const marks = about(v.array(oneOf('stale', 'expires-soon', 'expired')), 'What is worth a look');
export const key = v.strictObject(keyFields);
export const markedKey = v.strictObject({ ...keyFields, marks });

export const failedSink = v.strictObject({ sink: text, code, detail: text, may_have_it: about(flag, 'Whether it may have the key all the same') });

/** The key itself among what is known of it: what `--json` prints once. `error` says which other sinks did not take it. */
export const newKey = (error: v.GenericSchema) =>
  v.strictObject({ ...keyFields, key: about(text, 'The key itself, shown this once'), error: v.optional(about(error, 'Which other sinks did not take it')) });
export const deliveredKey = v.strictObject({ ...keyFields, delivered: about(words, 'The sinks that took the key') });

const grantFields = {
  id: about(text, 'Ours; it survives rotation'),
  agent: text,
  device: text,
  provider: text,
  origin: text,
  account: v.optional(about(orNull(text), 'The stored account whose credential made it; null for a key in a variable')),
  mcp_url: about(orNull(text), "The provider's MCP server as it was then"),
  scopes: words,
  key_id: about(text, 'The key behind it; another one after each rotation'),
  key_name: text,
  store,
  agent_known_to: about(oneOf('server', 'us'), 'Whether the server knows the agent, or only we do'),
  renew: about(oneOf('allowed', 'not-allowed'), 'Whether the bridge may renew it near its end'),
  expires_at: orNull(time),
  created_at: time,
  last_used_at: about(orNull(time), 'When the bridge last used it here'),
  wired: about(v.array(v.strictObject({ client: text, path: text })), 'The files of MCP clients that name it'),
};

export const grant = v.strictObject(grantFields);
export const listedGrant = v.strictObject({
  ...grantFields,
  scopes_known_to: orNull(oneOf('server')),
  expiry_known_to: orNull(oneOf('server')),
  device_known_to: oneOf('us'),
  marks,
});

export const clientFile = v.strictObject({ client: text, path: text, outcome: oneOf('removed', 'absent', 'failed'), why: orNull(text) });
export const revokedGrant = v.strictObject({
  id: about(orNull(text), 'Null for a key of the agent that this machine has no grant for'),
  agent: text,
  device: orNull(text),
  key_id: text,
  server: oneOf('revoked', 'already-gone', 'failed'),
  local: oneOf('forgotten', 'kept', 'none'),
  why: orNull(text),
  wired: about(words, 'The files of clients that still name it'),
  files: v.array(clientFile),
});
export const tornDown = v.strictObject({ grant: orNull(revokedGrant), entries: v.array(clientFile) });

export const revokeOutcome = v.variant('kind', [
  v.strictObject({ id: text, kind: oneOf('revoked', 'already-gone') }),
  v.strictObject({ id: text, kind: oneOf('failed'), why: text }),
]);

export const rotation = v.strictObject({
  id: about(text, 'What --resume, --rollback and --forget take'),
  provider: text,
  origin: text,
  account: orNull(text),
  old_id: text,
  old_name: orNull(text),
  new_id: about(orNull(text), 'Null where it is not known yet'),
  new_name: text,
  grant: about(orNull(text), 'The grant that stands on the key; null for any other key'),
  step: oneOf('creating', 'created', 'proved', 'delivered', 'revoking', 'undoing', 'done'),
  delivered: about(words, 'The sinks that took the successor'),
  begun_at: time,
  revoke_at: about(orNull(time), 'When the old key may be revoked; null before delivery'),
  next: about(orNull(text), 'The command that finishes it; null where nothing is left to do'),
});

export const batchOutcome = v.variant('kind', [
  v.strictObject({ old_id: text, kind: oneOf('rotated', 'waiting'), rotation }),
  v.strictObject({ old_id: text, kind: oneOf('failed'), code, why: text, next: orNull(text) }),
]);

export const account = v.strictObject({
  provider: text,
  origin: text,
  source: oneOf('variable', 'stored'),
  name: about(text, "The variable's name, or the account's"),
  used: about(flag, 'Whether a command that is run here now would use it'),
  default: about(flag, 'Whether it would be used if no variable were set and no folder bound'),
  bound: about(flag, 'Whether this folder is bound to it'),
  shadowed_by: about(orNull(text), 'What is used in its place'),
  problem: about(orNull(text), 'Why a variable that is set is not used as it stands'),
  identity: orNull(identity),
  kind: oneOf('oauth', 'key'),
  scopes: words,
  signed_in_at: orNull(time),
  expires_at: about(orNull(time), "Of a session's access token, which is refreshed where it can be; null where unknown"),
  store: about(orNull(oneOf('keychain', 'file')), 'Null for a variable'),
  preview: about(orNull(text), "The beginning and the end of a variable's key"),
  check: v.optional(
    about(
      orNull(
        v.variant('kind', [
          v.strictObject({ kind: oneOf('accepted'), identity: orNull(identity) }),
          v.strictObject({ kind: oneOf('failed'), code, detail: text }),
        ]),
      ),
      'Only with --check: what the provider said; null where it cannot be asked about this one',
    ),
  ),
  differs_from: v.optional(mismatch),
});

export const finding = v.strictObject({
  code: about(text, 'Permanent, together with the level'),
  level: oneOf('ok', 'warning', 'problem'),
  what: text,
  fix: about(orNull(text), 'What to do; null where nothing needs to be done'),
});

const candidate = {
  source: oneOf('flag', 'variable', 'binding', 'default', 'sign-in', 'definition'),
  name: text,
  status: oneOf('used', 'set-aside', 'shadowed', 'not-set', 'does-not-fit', 'refused', 'absent'),
  why: text,
};
const tier = about(orNull(oneOf('own', 'ours', 'bare')), "Whose variable it is: the provider's, ours, or one without a prefix");

/** Every place that was looked at, in order. */
export const explanation = v.strictObject({
  provider: v.array(v.strictObject({ ...candidate, provider: orNull(text) })),
  address: v.array(v.strictObject({ ...candidate, url: orNull(text), tier })),
  credential: v.array(v.strictObject({ ...candidate, account: orNull(text), preview: orNull(text), tier, url_source: text })),
});

export const signedOut = v.strictObject({
  provider: text,
  account: text,
  origin: text,
  tokens: about(
    v.array(
      v.strictObject({
        token: oneOf('refresh_token', 'access_token', 'key'),
        outcome: oneOf('revoked', 'not-offered', 'queued', 'expired', 'failed', 'left-alone'),
        why: orNull(text),
      }),
    ),
    'What became of each at the server; empty with --local-only',
  ),
  local: oneOf('forgotten', 'nothing-stored', 'kept'),
  why: orNull(text),
});

export const migrated = v.strictObject({
  provider: text,
  origin: text,
  account: text,
  from: oneOf('keychain', 'file'),
  to: oneOf('keychain', 'file'),
  outcome: oneOf('moved', 'would-move', 'already-there', 'cleaned', 'left-behind', 'failed'),
  why: orNull(text),
});

export const checkedPart = v.strictObject({
  client: text,
  path: orNull(text),
  provider: orNull(text),
  grant: orNull(text),
  part: oneOf('entry', 'program', 'bridge', 'grant', 'client'),
  state: oneOf('fine', 'wrong', 'unknown'),
  what: text,
  fix: orNull(text),
});
export const setUpClient = v.strictObject({
  client: text,
  path: text,
  outcome: oneOf('added', 'replaced', 'kept', 'refused', 'failed', 'not-done'),
  grant: orNull(text),
  expires_at: orNull(time),
  why: orNull(text),
  backup: orNull(text),
  afterwards: about(orNull(text), 'What the person still has to do'),
});
