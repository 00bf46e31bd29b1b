import * as v from 'valibot';
import * as part from './parts.ts';

const { about, flag, oneOf, orNull, text, time, words } = part;

/** Under `error`: what every failure has, and what some have besides. */
const error = v.strictObject({
  code: about(part.code, 'Permanent: scripts match on it'),
  message: about(text, 'The title of the code'),
  detail: about(text, 'What happened'),
  hint: about(orNull(text), 'What to do now'),
  retry: about(flag, 'Whether trying the same again can help'),
  accounts: v.optional(about(v.array(part.account), 'auth status: all that is known')),
  findings: v.optional(about(v.array(part.finding), 'doctor: all that was found')),
  explanation: v.optional(about(part.explanation, 'whoami --explain: every place that was looked at')),
  results: v.optional(
    about(
      v.union([
        v.array(part.revokeOutcome),
        v.array(part.revokedGrant),
        v.array(part.batchOutcome),
        v.array(part.signedOut),
        v.array(part.migrated),
        v.array(part.checkedPart),
        v.array(part.setUpClient),
        v.array(part.tornDown),
      ]),
      'What became of each, as the command prints it in success',
    ),
  ),
  summary: v.optional(
    about(v.strictObject({ revoked: part.count, already_gone: part.count, failed: part.count, not_done: part.count }), 'How many of the results ended in which way'),
  ),
  rotation: v.optional(about(part.rotation, 'The rotation that is not finished')),
  id: v.optional(about(text, 'The id of the new key')),
  delivered: v.optional(about(words, 'The sinks that took the new key')),
  failed: v.optional(about(v.array(part.failedSink), 'The sinks that did not take the new key')),
  revoked: v.optional(about(flag, 'Whether the new key, which nothing took, was revoked again')),
  may_have_it: v.optional(about(flag, 'Whether a sink that failed may have the key all the same')),
  mistakes: v.optional(about(v.array(v.strictObject({ path: text, message: text })), 'providers add: what is wrong in the definition')),
  retry_after: v.optional(about(part.count, 'Seconds until it may be asked again')),
  status: v.optional(about(part.count, 'api: the HTTP status')),
  headers: v.optional(about(v.record(text, text), 'api: the headers of the reply')),
  body: v.optional(about(part.anything, 'api: the body of the reply; text where it is no JSON')),
  items: v.optional(about(v.array(part.anything), 'api --paginate: the elements of the pages before it failed')),
});

const providerRow = v.strictObject({
  id: text,
  name: text,
  origin: oneOf('built-in', 'own'),
  base_url: text,
  sign_in: v.array(oneOf('browser', 'key')),
  can: about(words, 'The commands that it has calls for'),
});

const store = v.strictObject({
  store: part.store,
  state: oneOf('usable', 'absent', 'locked', 'unavailable', 'silent', 'damaged'),
  why: orNull(text),
  path: about(orNull(text), 'Null for the keychain'),
  mode: about(orNull(text), 'The permissions of the file, such as 600'),
  key_source: about(orNull(text), 'Where the key of the file comes from'),
  waiting_revocations: about(part.count, 'Tokens that are still to be revoked'),
});

const entry = v.strictObject({
  provider: text,
  origin: text,
  account: text,
  store: part.store,
  pinned: about(flag, 'Whether it is looked for in this store'),
  entry: oneOf('present', 'missing', 'locked', 'unavailable', 'silent', 'damaged'),
  kind: orNull(oneOf('oauth', 'key')),
  why: orNull(text),
});

const begun = v.strictObject({
  url: about(text, 'Where the person goes'),
  code: about(orNull(text), 'What the person types or compares there; null where they come back with an address instead'),
  expires_at: time,
  next: about(text, 'The command line of the second step'),
  warning: about(orNull(text), 'What the person must know before'),
});

const signedIn = v.strictObject({
  provider: text,
  origin: text,
  account: text,
  kind: oneOf('oauth', 'key'),
  store: part.store,
  signed_in_at: time,
  expires_at: about(orNull(time), 'Of the access token; null where unknown'),
  scopes: words,
  identity: orNull(part.identity),
});

const claims = v.strictObject({ subject: orNull(text), email: orNull(text), organization: orNull(text), issuer: orNull(text), expires_at: orNull(time) });

/**
 * What `--json` prints in success, by the words of the command with dashes between them; `error` is what it prints in place of that in
 * failure. A command that is not here prints no JSON of its own.
 */
export const OUTPUTS: Readonly<Record<string, v.GenericSchema>> = {
  error: v.strictObject({ error }),
  login: v.union([signedIn, begun]),
  logout: v.array(part.signedOut),
  whoami: v.strictObject({
    provider: text,
    origin: text,
    identity: about(orNull(part.identity), 'Null where the provider accepts the credential and does not say whose it is'),
    kind: about(orNull(text), 'The kind of credential, by how it looks; null for an access token'),
    project: about(orNull(text), 'The project that requests name'),
    token: about(orNull(claims), 'What a token says of itself; null for a credential that says nothing'),
    source: v.strictObject({ kind: oneOf('variable', 'stored'), name: text }),
    differs_from: v.optional(part.mismatch),
    explanation: v.optional(about(part.explanation, 'Only with --explain')),
  }),
  use: v.strictObject({
    provider: orNull(text),
    accounts: v.array(v.strictObject({ origin: text, account: text })),
    binding: orNull(v.strictObject({ path: text, provider: orNull(text), account: orNull(text), project: orNull(text), trusted: flag })),
  }),
  'auth-status': v.array(part.account),
  'auth-token': v.strictObject({ provider: text, origin: text, token: text }),
  'auth-create-key': v.union([part.newKey(error), part.deliveredKey]),
  'auth-list-keys': v.array(part.markedKey),
  'auth-revoke-key': v.union([v.array(part.revokeOutcome), about(v.array(part.markedKey), 'With --dry-run')]),
  'auth-rotate-key': v.union([
    part.newKey(error),
    part.rotation,
    about(v.array(part.batchOutcome), 'With --older-than, or --resume --all'),
    about(v.array(part.key), 'With --dry-run'),
    about(v.strictObject({ id: text, rotation: orNull(part.rotation) }), 'With --forget'),
  ]),
  'auth-create-grant': part.grant,
  'auth-list-grants': v.array(part.listedGrant),
  'auth-revoke-grant': v.array(part.revokedGrant),
  'auth-create-client-token': v.strictObject({ id: text, token: text, expires_at: orNull(time) }),
  'auth-show-client-token': v.strictObject({ project_id: orNull(text), public_metadata: orNull(v.record(text, part.anything)) }),
  'auth-revoke-client-token': v.array(part.revokeOutcome),
  api: v.union([
    v.strictObject({ status: part.count, headers: v.record(text, text), body: about(part.anything, 'Text where it is no JSON; null where it is empty') }),
    about(v.array(part.anything), 'With --paginate: the elements of all pages'),
  ]),
  setup: v.union([
    v.array(part.setUpClient),
    about(v.array(part.checkedPart), 'With --check'),
    about(v.array(v.strictObject({ client: text, path: text, step: oneOf('keep', 'add', 'replace', 'refuse'), why: orNull(text), diff: text })), 'With --dry-run'),
    about(v.array(v.strictObject({ client: text, path: text, grant: text, text })), 'With --print'),
  ]),
  teardown: v.union([v.array(part.tornDown), about(words, 'With --dry-run: what would be undone')]),
  'providers-list': v.array(providerRow),
  'providers-show': v.strictObject({
    id: text,
    name: text,
    origin: oneOf('built-in', 'own'),
    dashboard: orNull(text),
    facts: v.array(v.strictObject({ fact: text, value: text, assumed: about(orNull(text), 'Why, where no document of the vendor states it') })),
  }),
  'providers-add': v.strictObject({ outcome: oneOf('added', 'replaced'), provider: providerRow }),
  'providers-remove': v.strictObject({
    id: text,
    left_accounts: about(v.array(v.strictObject({ origin: text, account: text })), 'What stays in the store until the definition is back'),
  }),
  'store-status': v.strictObject({ stores: v.array(store), entries: v.array(entry) }),
  'store-migrate': v.array(part.migrated),
  doctor: v.array(part.finding),
  completion: v.strictObject({ shell: text, script: text }),
  'completion-install': v.strictObject({
    shell: text,
    paths: words,
    start_up: about(orNull(v.strictObject({ file: text, line: text })), 'The line that a file of yours still needs'),
  }),
  'completion-uninstall': v.strictObject({ shell: text, removed: words }),
  'backend-start': v.array(v.strictObject({ id: text, origin: text })),
};

/** What a line of `--jsonl` is where it is no element of the array that `--json` prints. */
export const LINES: Readonly<Record<string, v.GenericSchema>> = {
  'store-status-line': v.variant('about', [
    v.strictObject({ about: oneOf('store'), ...store.entries }),
    v.strictObject({ about: oneOf('entry'), ...entry.entries }),
  ]),
};
