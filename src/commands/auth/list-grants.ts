import { providerById } from '../../providers/registry.ts';
import type { Deps } from '../../model/deps.ts';
import type { KeyMark } from '../../model/api-key.ts';
import { ACCESS } from '../../model/failure-sets.ts';
import { type GrantRecord, isNearEnd } from '../../model/grant.ts';
import { listedTime, listing } from '../../render/listing.ts';
import type { Column } from '../../render/table.ts';
import { command, type Invocation, type OptionsOf, type Screen } from '../command.ts';

const flags = {
  agent: { takes: 'name', completes: 'agents', about: 'Only those of this agent' },
} as const;

/** A grant with who knows what of it. Who knows nothing of it is null: a key without scopes may do all that its person may, one without an end lives on. */
interface ShownGrant extends GrantRecord {
  readonly scopesKnownTo: 'server' | null;
  readonly expiryKnownTo: 'server' | null;
  readonly deviceKnownTo: 'us';
  readonly marks: readonly KeyMark[];
}

function marksOf(grant: GrantRecord, now: number): readonly KeyMark[] {
  if (grant.expiresAt !== null && Date.parse(grant.expiresAt) <= now) return ['expired'];
  return isNearEnd(grant, now) ? ['expires-soon'] : [];
}

/** Scopes and an end are only ever asked of a server that holds the key to them; the rest are notes of this machine. */
function shown(grant: GrantRecord, now: number): ShownGrant {
  const knownTo = { scopesKnownTo: grant.scopes.length > 0 ? 'server' : null, expiryKnownTo: grant.expiresAt === null ? null : 'server' } as const;
  return { ...grant, ...knownTo, deviceKnownTo: 'us', marks: marksOf(grant, now) };
}

async function run({ options, choice }: Invocation<OptionsOf<typeof flags>, object>, deps: Deps): Promise<readonly ShownGrant[]> {
  const provider = choice.provider === undefined ? undefined : (await providerById(choice.provider, deps)).id;
  const records = await deps.grants.list();
  const now = deps.clock.now();
  return records
    .filter((record) => (provider ?? record.provider) === record.provider && (options.agent ?? record.agent) === record.agent)
    .map((record) => shown(record, now));
}

/** The parts of a grant that the server holds its key to. */
function knownToServer({ agentKnownTo, scopesKnownTo, expiryKnownTo }: ShownGrant): string {
  const parts = { agent: agentKnownTo, scopes: scopesKnownTo, expiry: expiryKnownTo };
  return (['agent', 'scopes', 'expiry'] as const).filter((part) => parts[part] === 'server').join(',') || 'nothing';
}

const columns = (time: (value: string | null) => string): ReadonlyArray<Column<ShownGrant>> => [
  { title: 'ID', cell: (grant) => grant.id },
  { title: 'AGENT', cell: (grant) => grant.agent },
  { title: 'DEVICE', cell: (grant) => grant.device, narrow: 'cut' },
  { title: 'PROVIDER', cell: (grant) => grant.provider },
  { title: 'SCOPES', cell: (grant) => grant.scopes.join(','), narrow: 'cut' },
  { title: 'EXPIRES', cell: (grant) => time(grant.expiresAt) },
  { title: 'LAST USED', cell: (grant) => time(grant.lastUsedAt) },
  { title: 'KEY', cell: (grant) => grant.keyId },
  { title: 'SERVER KNOWS', cell: knownToServer },
  { title: 'MARKS', cell: (grant) => grant.marks.join(', ') },
  { title: 'WIRED IN', cell: (grant) => grant.wired.map(({ client, path }) => `${client} (${path})`).join(', '), longest: 200 },
];

function text(grants: readonly ShownGrant[], screen: Screen): string {
  return grants.length === 0 && screen.terminal ? 'There are no grants.\n' : listing(columns(listedTime(screen)), grants, screen);
}

/** What to do about a grant that ends soon. The bridge sees to it by itself where it may. */
function endingLine({ id, agent, marks, renew, expiresAt }: ShownGrant): readonly string[] {
  if (marks.includes('expired')) return [`The grant ${id} of ${agent} has ended. Make another: keywright auth create-grant --agent ${agent}`];
  if (!marks.includes('expires-soon') || renew === 'allowed') return [];
  return [`The grant ${id} of ${agent} ends at ${expiresAt ?? ''}. Renew it: keywright auth rotate-key --grant ${id} --now`];
}

/** `auth list-grants`: the grants that were made on this machine, from local state alone. */
export const listGrants = command({
  path: ['auth', 'list-grants'],
  group: 'Agents',
  summary: 'List the grants of agents on this machine',
  args: [],
  flags,
  examples: [
    ['keywright auth list-grants', 'all of them'],
    ['keywright auth list-grants --agent claude-code --json', 'those of one agent, for a program'],
  ],
  failures: ACCESS,
  run,
  text,
  elements: (grants) => grants,
  notes: (grants) => grants.flatMap(endingLine),
});
