import { askIdentity } from '../api/identity.ts';
import { readClaims, type TokenClaims } from '../api/jwt.ts';
import { accessOf } from '../flows/authority.ts';
import type { Decision } from '../flows/decision/decide.ts';
import { type Mismatch, mismatchLine, mismatchOf } from '../flows/mismatch.ts';
import { consider, settle } from '../flows/resolve.ts';
import type { Identity } from '../model/credentials.ts';
import type { Deps } from '../model/deps.ts';
import { Failure, isFailure } from '../model/failure.ts';
import { ACCESS } from '../model/failure-sets.ts';
import { kindOfSecret } from '../providers/credential-kind.ts';
import { plainText } from '../render/plain-text.ts';
import { listing, sentenceAbove } from '../render/listing.ts';
import type { Column } from '../render/table.ts';
import { PROVIDER_IDS } from '../providers/known-words.ts';
import { command, PROJECT_FLAG, type Invocation, type OptionsOf, type Screen } from './command.ts';

const flags = {
  project: PROJECT_FLAG,
  explain: { about: 'List every place that a credential could come from, in order, and why each was used or not' },
} as const;

const args = [{ name: 'provider', about: 'Which provider to ask', required: false, choices: PROVIDER_IDS, completes: 'providers' }] as const;

interface WhoAmI {
  readonly provider: string;
  readonly origin: string;
  /** Null where the provider accepts the credential and does not say whose it is. */
  readonly identity: Identity | null;
  /** The kind of credential, by how it looks; null for an access token. */
  readonly kind: string | null;
  /** The project that requests name. */
  readonly project: string | null;
  /** What a token says of itself; null for a credential that says nothing. */
  readonly token: TokenClaims | null;
  /** The variable or the stored account that the credential came from. */
  readonly source: { readonly kind: 'variable' | 'stored'; readonly name: string };
  /** Only where the stored sign-in that the variable hides belongs to somebody else. */
  readonly differsFrom?: Mismatch;
}

/** The places that were weighed, by what they were weighed for. */
type Explanation = Pick<Decision, 'provider' | 'address' | 'credential'>;

interface Result {
  readonly explanation: Explanation | undefined;
  readonly answer: { readonly kind: 'known'; readonly who: WhoAmI } | { readonly kind: 'failed'; readonly failure: Failure };
}

async function ask(decision: Decision, deps: Deps): Promise<WhoAmI> {
  const resolution = settle(decision, deps);
  const { target, source, shadowed } = resolution;
  const access = await accessOf(resolution, deps);
  const answer = await askIdentity(access);
  if (answer.kind === 'unproved') {
    throw new Failure('not-found', { detail: `${target.provider.name} has no call that tells who one is, or does not know it at this address.` });
  }
  const secret = await access.authority.secret();
  const identity = answer.kind === 'known' ? answer.identity : null;
  const differsFrom = identity === null ? undefined : mismatchOf(identity, shadowed);
  return {
    provider: target.provider.id,
    origin: target.origin,
    identity,
    kind: kindOfSecret(target.provider, secret)?.id ?? null,
    project: target.project,
    token: readClaims(secret) ?? null,
    source: source.kind === 'variable' ? { kind: 'variable', name: source.name } : { kind: 'stored', name: source.address.account },
    ...(differsFrom === undefined ? {} : { differsFrom }),
  };
}

async function run(
  { options, args: words, choice }: Invocation<OptionsOf<typeof flags>, { readonly provider: string | undefined }>,
  deps: Deps,
): Promise<Result> {
  const decision = await consider({ ...choice, provider: words.provider ?? choice.provider, project: options.project }, deps);
  if (!options.explain) return { explanation: undefined, answer: { kind: 'known', who: await ask(decision, deps) } };
  const { provider, address, credential } = decision;
  const explanation = { provider, address, credential };
  try {
    return { explanation, answer: { kind: 'known', who: await ask(decision, deps) } };
  } catch (thrown) {
    // The list is what was asked for, most of all when what it leads to does not work.
    if (!isFailure(thrown)) throw thrown;
    const { code, detail, hint, data } = thrown;
    const failure = new Failure(code, { detail, ...(hint === undefined ? {} : { hint }), data: { ...data, explanation }, cause: thrown });
    return { explanation, answer: { kind: 'failed', failure } };
  }
}

/** A path or a reason is longer than most cells. */
const LONG = 160;

interface Row {
  readonly weighedFor: string;
  readonly status: string;
  readonly source: string;
  readonly name: string;
  readonly value: string;
  readonly why: string;
}

const COLUMNS: ReadonlyArray<Column<Row>> = [
  { title: 'FOR', cell: (row) => row.weighedFor },
  { title: 'STATUS', cell: (row) => row.status },
  { title: 'SOURCE', cell: (row) => row.source },
  { title: 'NAME', cell: (row) => row.name, longest: LONG },
  { title: 'VALUE', cell: (row) => row.value, longest: LONG },
  { title: 'WHY', cell: (row) => row.why, longest: LONG },
];

function explanationText({ provider, address, credential }: Explanation, screen: Screen): string {
  const rows: readonly Row[] = [
    ...provider.map((each) => ({ ...each, weighedFor: 'provider', value: each.provider ?? '' })),
    ...address.map((each) => ({ ...each, weighedFor: 'address', value: each.url ?? '' })),
    ...credential.map((each) => ({ ...each, weighedFor: 'credential', value: each.preview ?? each.account ?? '' })),
  ];
  return listing(COLUMNS, rows, screen);
}

function text({ explanation, answer }: Result, screen: Screen): string {
  const known = answer.kind === 'known' ? sentence(answer.who) : '';
  if (explanation === undefined) return `${known}\n`;
  return `${known === '' ? '' : `${sentenceAbove(known, screen)}${screen.terminal ? '\n' : ''}`}${explanationText(explanation, screen)}`;
}

function sentence({ identity, provider, source, token }: WhoAmI): string {
  const by = source.kind === 'variable' ? source.name : `the stored sign-in "${source.name}"`;
  const { organization, expiresAt } = token ?? { organization: null, expiresAt: null };
  const said = [organization === null ? '' : `; organization ${plainText(organization)}`, expiresAt === null ? '' : `; the token ends at ${expiresAt}`].join(
    '',
  );
  if (identity === null) return `${provider} accepts ${by}, and does not say whose it is${said}`;
  const who = identity.label === identity.id ? plainText(identity.id) : `${plainText(identity.label)} (${plainText(identity.id)})`;
  return `${who} at ${provider}, by ${by}${said}`;
}

function notes({ answer }: Result): readonly string[] {
  if (answer.kind === 'failed' || answer.who.identity === null || answer.who.differsFrom === undefined) return [];
  return [mismatchLine(answer.who.source.name, answer.who.identity, answer.who.differsFrom)];
}

/** `whoami`: who the provider says you are, and on request how it came to be you. */
export const whoami = command({
  path: ['whoami'],
  group: 'Sign in',
  summary: 'Show who the provider says you are',
  args,
  flags,
  examples: [
    ['keywright whoami', 'who you are at the provider you are signed in to'],
    ['keywright whoami --explain', 'which credential is used, and why no other'],
    ['keywright whoami memax --json', 'the same for a program'],
  ],
  failures: ACCESS,
  run,
  text,
  notes,
  json: ({ explanation, answer }) => (answer.kind === 'known' ? { ...answer.who, ...(explanation === undefined ? {} : { explanation }) } : null),
  verdict: ({ answer }) => (answer.kind === 'failed' ? answer.failure : undefined),
});
