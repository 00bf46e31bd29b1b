import { type Access, over } from '../../api/access.ts';
import { checkedKeyId, demandRevoke, revokeKey as revoke, keyPages } from '../../api/keys.ts';
import { confirmBinding } from '../../flows/binding-trust.ts';
import { chosenKeys, lookAt } from '../../flows/clean-up/chosen.ts';
import { confirmPlan, type OwnKey, planOf, withoutOwn } from '../../flows/clean-up/plan.ts';
import { outcomeLines, reportVerdict, someOf, summaryLines, type Wording } from '../../flows/clean-up/report.ts';
import { type Report, revokeMany } from '../../flows/clean-up/revoke-many.ts';
import { commandLine, readSelection, refuseUnknowable, type Selection } from '../../flows/clean-up/selection.ts';
import { learningAccessOf } from '../../flows/known-keys.ts';
import { resolve } from '../../flows/resolve.ts';
import { thenRetryRevocations } from '../../flows/revocations/retry.ts';
import type { MarkedKey } from '../../model/api-key.ts';
import type { Deps } from '../../model/deps.ts';
import { Failure } from '../../model/failure.ts';
import { ACCESS, REST_IN_HINT } from '../../model/failure-sets.ts';
import { kindOfSecret } from '../../providers/credential-kind.ts';
import { keyPieces } from '../../render/keys.ts';
import { command, type Invocation, type OptionsOf } from '../command.ts';

const flags = {
  stale: { takes: 'time', about: 'Revoke the keys that were not used for so long, such as 90d; one never used counts from its creation' },
  name: { takes: 'pattern', completes: 'key-names', about: 'Revoke the keys with such a name; * stands for any characters, ? for one' },
  agent: { takes: 'name', completes: 'agents', about: 'Revoke the keys of this agent' },
  expired: { about: 'Revoke the keys that have expired' },
  dryRun: { about: 'Print the keys that would be revoked, and revoke none' },
  yes: { about: 'Do not ask before keys that were chosen by a flag are revoked' },
  self: { about: 'Allow revoking the very key that this command is signed in with' },
} as const;

const args = [{ name: 'id', about: 'The ids of the keys, as list-keys shows them', required: false, many: true, completes: 'key-ids' }] as const;

type RevokeInvocation = Invocation<OptionsOf<typeof flags>, { readonly id: readonly string[] }>;
type Options = RevokeInvocation['options'];
type Groups = AsyncIterable<readonly MarkedKey[]>;

type Result =
  /** `missing` holds the ids that the list did not have, once all of it was read. */
  | { readonly kind: 'plan'; readonly keys: Groups; readonly missing: ReadonlySet<string> }
  | { readonly kind: 'done'; readonly report: Report; readonly wording: Wording };

/** Who is meant: by name, or by what they are like. */
function readChoice(options: Options, words: readonly string[]): { readonly ids: readonly string[]; readonly selection: Selection } {
  const selection = readSelection(options);
  if (selection.kind === 'some' && words.length > 0) {
    throw new Failure('usage', {
      detail: `Ids and ${selection.words[0] ?? 'flags'} exclude each other.`,
      hint: "Give one of them. A pattern needs quotes: --name 'ci-*'",
    });
  }
  if (selection.kind === 'all' && words.length === 0) {
    throw new Failure('usage', {
      detail: 'It was not said which keys are meant.',
      hint: 'Name their ids, or choose by --stale, --name, --agent or --expired. See: keywright auth revoke-key --help',
    });
  }
  return { ids: [...new Set(words.map(checkedKeyId))], selection };
}

/** What is known once it is clear where the keys are. */
interface Place {
  readonly access: Access;
  /** The keys that the selection means, with what the list tells of them. */
  readonly keys: Groups;
  /** Tells whether a key of the list is the one in use; null where none can be. It may have to ask for the list. */
  readonly ownTest: () => Promise<((key: MarkedKey) => boolean) | null>;
  readonly wording: Wording;
}

/** The id of the key that was used last: asking for the list is itself a use. */
async function lastUsed(reader: Access): Promise<string | undefined> {
  let newest: { readonly id: string; readonly at: number } | undefined;
  for await (const page of keyPages(reader)) {
    for (const { id, lastUsedAt } of page) {
      const at = lastUsedAt === null ? undefined : Date.parse(lastUsedAt);
      if (at !== undefined && (newest === undefined || at > newest.at)) newest = { id, at };
    }
  }
  return newest?.id;
}

/**
 * The key in use is recognised by the prefix that the list tells; where it tells none, by having been used last, or since this command
 * began. Another key that was may be taken for it, which only asks for a word more. What is no key, such as a session, is in no list.
 */
async function ownTest(reader: Access, beganAt: number): ReturnType<Place['ownTest']> {
  const { authority, target } = reader;
  const { credentials, keys } = target.provider;
  const credential = await authority.secret();
  if (keys.list === null || kindOfSecret(target.provider, credential) !== credentials[0]) return null;
  if (keys.list.prefix === 'told') return ({ prefix }) => prefix !== null && credential.startsWith(prefix);
  const newest = await lastUsed(reader);
  return ({ id, lastUsedAt }) => id === newest || (lastUsedAt !== null && Date.parse(lastUsedAt) >= beganAt);
}

async function* among(groups: Groups, wanted: ReadonlySet<string>, missing: Set<string>): AsyncGenerator<readonly MarkedKey[]> {
  for await (const group of groups) {
    const found = group.filter(({ id }) => wanted.has(id));
    for (const { id } of found) missing.delete(id);
    yield found;
  }
}

/** Refuses to saw off the branch one sits on; where that is wanted, it is sawn off last. Gives the ids that have to wait. */
async function ownAmong(ids: readonly string[], { keys, ownTest: test }: Place, self: boolean): Promise<ReadonlySet<string>> {
  const own = new Set<string>();
  // A single one that is wanted in any case needs no order.
  if (self && ids.length === 1) return own;
  const looksOwn = await test();
  if (looksOwn === null) return own;
  const wanted = new Set(ids);
  for await (const group of keys) for (const key of group) if (wanted.has(key.id) && looksOwn(key)) own.add(key.id);
  const [first] = own;
  if (first === undefined || self) return own;
  throw new Failure('refused', {
    detail: `The key ${first} looks like the one that this command itself uses. Nothing was revoked.`,
    hint: 'Give --self to revoke it all the same.',
  });
}

async function byIds(ids: readonly string[], options: Options, place: Place, deps: Deps): Promise<Result> {
  if (options.dryRun) {
    const missing = new Set(ids);
    return { kind: 'plan', keys: among(place.keys, new Set(ids), missing), missing };
  }
  const own = await ownAmong(ids, place, options.self);
  const order = { ids: ids.filter((id) => !own.has(id)), last: [...own] };
  return { kind: 'done', report: await revokeMany(order, revoke, place.access, deps), wording: place.wording };
}

async function bySelection(options: Options, { access, keys, ownTest: test, wording }: Place, deps: Deps): Promise<Result> {
  const own: OwnKey = {
    looksOwn: (await test()) ?? (() => false),
    manner: options.self ? 'revoke-last' : 'spare',
    spared: ({ id }) => deps.output.warn(`The key ${id} looks like the one that this command itself uses, and is left out. Give --self to revoke it too.`),
  };
  if (options.dryRun) return { kind: 'plan', keys: withoutOwn(keys, own), missing: new Set() };
  const plan = await planOf(keys, own);
  if (plan.shown.length === 0) deps.output.note('No key is like that. Nothing was revoked.');
  else await confirmPlan(plan, { providerName: access.target.provider.name, yes: options.yes }, deps);
  return { kind: 'done', report: await revokeMany(plan, revoke, access, deps), wording };
}

async function run({ options, args: words, choice }: RevokeInvocation, deps: Deps): Promise<Result> {
  const beganAt = deps.clock.now();
  const { ids, selection } = readChoice(options, words.id);
  const resolution = await resolve(choice, deps);
  const { provider } = resolution.target;
  demandRevoke(provider);
  refuseUnknowable(options, provider);
  if (!options.dryRun) await confirmBinding(resolution.binding, 'revoke keys', deps);
  const access = await learningAccessOf(resolution, deps);
  // Several pages go over connections that are kept.
  const reader = (provider.keys.list?.paging ?? null) === null ? access : over(await deps.bulkHttp(), access);
  const self = options.self ? ['--self'] : [];
  const place: Place = {
    access,
    keys: chosenKeys(reader, selection, lookAt(access, deps), deps.output),
    ownTest: () => ownTest(reader, beganAt),
    wording: {
      things: 'keys',
      command: commandLine(['auth', 'revoke-key', ...self], choice),
      again: selection.kind === 'all' ? null : commandLine(['auth', 'revoke-key', ...selection.words, ...self, '--yes'], choice),
    },
  };
  return ids.length > 0 ? byIds(ids, options, place, deps) : bySelection(options, place, deps);
}

function notes(result: Result): readonly string[] {
  if (result.kind === 'done') return summaryLines(result.report);
  return result.missing.size === 0 ? [] : [`Not in the list, so gone already or not yours: ${someOf([...result.missing])}`];
}

/** `auth revoke-key`: revokes keys by id, or those that are like something. A key that is gone already is success, so that a clean-up can run twice. */
export const revokeKey = command({
  path: ['auth', 'revoke-key'],
  group: 'Keys',
  summary: 'Revoke API keys, by id or by a selection',
  args,
  flags,
  examples: [
    ['keywright auth revoke-key key_1', 'one key'],
    ['keywright auth revoke-key key_1 key_2 key_3', 'several at once'],
    ['keywright auth revoke-key --stale 90d --dry-run', 'which keys nobody has used for 90 days; none is revoked'],
    ["keywright auth revoke-key --stale 90d --name 'ci-*' --yes", 'revoke those of them that were made for CI, without a question'],
  ],
  failures: {
    ...ACCESS,
    'needs-answer': 'It must be confirmed (--yes), or it cannot be told which provider is meant',
    refused: 'It is the key that is signed in (--self), or the provider refused',
    'partly-done': REST_IN_HINT,
  },
  run: (invocation, deps) => thenRetryRevocations(deps, () => run(invocation, deps)),
  text: (result) => (result.kind === 'done' ? outcomeLines(result.report) : ''),
  stream: (result, form, screen) => (result.kind === 'plan' ? keyPieces(result.keys, { form, none: 'No key is like that.\n' }, screen) : undefined),
  json: (result) => (result.kind === 'done' ? result.report.outcomes : []),
  notes,
  verdict: (result) => (result.kind === 'done' ? reportVerdict(result.report, result.wording) : undefined),
});
