import { type AccountStatus, type Check, type ProviderStatus, statusOf, type StatusRow } from '../../flows/account-status.ts';
import { mismatchLine } from '../../flows/mismatch.ts';
import type { Checked } from '../../flows/check-accounts.ts';
import { sweepNotes, warnOfUnreadable } from '../../flows/rotate/left-over.ts';
import { shownRotation, type ShownRotation } from '../../flows/rotate/work.ts';
import { checkedAccount, chooseTarget } from '../../flows/resolve.ts';
import { thenRetryRevocations } from '../../flows/revocations/retry.ts';
import { gatherFacts } from '../../flows/decision/facts.ts';
import { signedOut } from '../../flows/stored.ts';
import { DEFAULT_ACCOUNT, type Identity } from '../../model/credentials.ts';
import type { Deps } from '../../model/deps.ts';
import { Failure } from '../../model/failure.ts';
import { ACCESS } from '../../model/failure-sets.ts';
import type { RotationStep } from '../../model/rotation.ts';
import { providerAmong } from '../../providers/registry.ts';
import { plainText } from '../../render/plain-text.ts';
import { listedTime, listing } from '../../render/listing.ts';
import type { Column } from '../../render/table.ts';
import { command, type Invocation, type OptionsOf, type Screen } from '../command.ts';

const flags = {
  check: { about: 'Ask each provider whether it accepts the credential, and whose it is' },
} as const;

interface Result {
  readonly accounts: readonly AccountStatus[];
  /** Rotations that are not finished. */
  readonly rotations: readonly ShownRotation[];
  /** Why this is no success although there is something to show. */
  readonly failure: Failure | undefined;
}

/** Whether somebody is signed in by this row, as far as is known: not asked counts as yes, refused by the provider as no. */
function standsForSignIn({ status, resolution }: StatusRow): boolean {
  return resolution !== null && status.check?.kind !== 'failed';
}

function verdictOf(
  rows: readonly Checked[],
  providers: readonly ProviderStatus[],
  named: ProviderStatus | undefined,
  account: string | undefined,
  deps: Deps,
): Failure | undefined {
  if (rows.some(standsForSignIn)) return undefined;
  const nobody =
    named === undefined
      ? new Failure('signed-out', { detail: 'Nobody is signed in to any provider.', hint: 'Run: keywright login' })
      : signedOut(chooseTarget(named.provider, deps.env).target, account ?? DEFAULT_ACCOUNT);
  const { code, detail, hint } =
    rows.find((row) => row.failure !== undefined)?.failure ?? providers.find((each) => each.failure !== undefined)?.failure ?? nobody;
  const elsewhere = code === 'signed-out' ? rows.filter((row) => row.resolution === null).map((row) => row.status.origin) : [];
  return new Failure(code, {
    detail: elsewhere.length === 0 ? detail : `${detail} There are sign-ins at other addresses: ${[...new Set(elsewhere)].join(', ')}.`,
    ...(hint === undefined ? {} : { hint }),
    data: { accounts: rows.map((row) => row.status) },
  });
}

async function run({ options, choice }: Invocation<OptionsOf<typeof flags>, object>, deps: Deps): Promise<Result> {
  const account = checkedAccount(choice.account);
  const facts = await gatherFacts(deps);
  const providers = choice.provider === undefined ? facts.providers : [providerAmong(choice.provider, facts.providers)];
  const found = providers.map((provider) => statusOf(provider, account, facts));
  const local = found.flatMap((each) => each.rows);
  const rows = options.check
    ? await (await import('../../flows/check-accounts.ts')).checkAll(local, deps)
    : local.map((row): Checked => ({ ...row, failure: undefined }));
  await warnOfUnreadable(deps);
  await sweepNotes(deps);
  const rotations = (await deps.rotations.list())
    .filter(({ provider }) => choice.provider === undefined || provider === choice.provider)
    .map((record) => shownRotation(record));
  return {
    rotations,
    accounts: rows.map((row) => row.status),
    failure: verdictOf(rows, found, choice.provider === undefined ? undefined : found[0], account, deps),
  };
}

function remarks({ used, default: isDefault, bound, shadowedBy, problem, check: asked, source }: AccountStatus): string {
  const words = [
    used ? 'used' : '',
    isDefault ? 'default' : '',
    bound ? 'bound here' : '',
    shadowedBy === null ? '' : `shadowed by ${shadowedBy}`,
    problem ?? '',
    source === 'variable' || used || isDefault || bound || shadowedBy !== null ? '' : 'not used here',
    asked === undefined || asked === null ? '' : checkWords(asked),
  ];
  return words.filter((word) => word !== '').join(', ');
}

const checkWords = (asked: Check): string => (asked.kind === 'accepted' ? 'accepted' : `${asked.code}: ${asked.detail}`);

const who = (identity: Identity | null, preview: string | null): string => identity?.label ?? preview ?? '';

const columns = (time: (value: string | null) => string): ReadonlyArray<Column<AccountStatus>> => [
  { title: 'PROVIDER', cell: (each) => each.provider },
  { title: 'SOURCE', cell: (each) => each.name },
  { title: 'IDENTITY', cell: (each) => who(each.identity, each.preview) },
  { title: 'EXPIRES', cell: (each) => time(each.expiresAt) },
  { title: 'SCOPES', cell: (each) => each.scopes.join(','), narrow: 'cut' },
  { title: 'STORE', cell: (each) => each.store ?? 'environment' },
  { title: 'ADDRESS', cell: (each) => each.origin },
  { title: 'REMARKS', cell: remarks, longest: 200 },
];

function text({ accounts }: Result, screen: Screen): string {
  return accounts.length === 0 ? '' : listing(columns(listedTime(screen)), accounts, screen);
}

/** The steps in words that a person understands. */
const STEPS: Readonly<Record<RotationStep, string>> = {
  creating: 'its successor is being made',
  created: 'its successor was made, and not tried yet',
  proved: 'its successor works, and was not delivered everywhere yet',
  delivered: 'its successor was delivered',
  revoking: 'it is being revoked',
  undoing: 'it is being undone',
};

function rotationLine({ oldId, oldName, provider, step, revokeAt, next }: ShownRotation): string {
  const name = oldName === null ? '' : ` (${plainText(oldName)})`;
  const words = step === 'done' ? 'it is done' : STEPS[step];
  return `Unfinished rotation of the key ${oldId}${name} at ${provider}: ${words}${revokeAt === null ? '' : `; the old key lives until ${revokeAt}`}. Finish it: ${next ?? ''}`;
}

function notes({ accounts, rotations }: Result): readonly string[] {
  return [...rotations.map(rotationLine), ...mismatchLines(accounts)];
}

function mismatchLines(accounts: readonly AccountStatus[]): readonly string[] {
  return accounts.flatMap(({ name, identity, differsFrom }) =>
    identity === null || differsFrom === undefined ? [] : [mismatchLine(name, identity, differsFrom)],
  );
}

/** `auth status`: every account that is known, from local state alone unless `--check` is given. */
export const status = command({
  path: ['auth', 'status'],
  group: 'Sign in',
  summary: 'Show all accounts: where each comes from, whose it is, what is used',
  args: [],
  flags,
  examples: [
    ['keywright auth status', 'everything that is known here, without asking anybody'],
    ['keywright auth status --check', 'ask the providers as well'],
    ['keywright auth status --provider memax --quiet && echo signed in', 'for a script'],
  ],
  failures: {
    ...ACCESS,
    'signed-out': 'The provider that was named is signed out, or all of them are',
    'session-ended': 'The provider no longer accepts what is used (with --check)',
  },
  run: (invocation, deps) => thenRetryRevocations(deps, () => run(invocation, deps)),
  text,
  notes,
  elements: ({ accounts }) => accounts,
  json: ({ accounts }) => accounts,
  verdict: ({ failure }) => failure,
});
