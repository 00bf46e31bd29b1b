import { providerById } from '../../providers/registry.ts';
import type { Deps } from '../../model/deps.ts';
import type { GrantRecord } from '../../model/grant.ts';
import { type Column, tabLines, table } from '../../render/table.ts';
import { relativeTime } from '../../render/time.ts';
import { command, type Invocation, type OptionsOf, type Screen } from '../command.ts';

const flags = {
  agent: { takes: 'name', completes: 'agents', about: 'Only those of this agent' },
} as const;

async function run({ options, choice }: Invocation<OptionsOf<typeof flags>, object>, deps: Deps): Promise<readonly GrantRecord[]> {
  const provider = choice.provider === undefined ? undefined : (await providerById(choice.provider, deps)).id;
  const records = await deps.grants.list();
  return records.filter((record) => (provider ?? record.provider) === record.provider && (options.agent ?? record.agent) === record.agent);
}

const columns = (time: (value: string | null) => string): ReadonlyArray<Column<GrantRecord>> => [
  { title: 'ID', cell: (grant) => grant.id },
  { title: 'AGENT', cell: (grant) => grant.agent },
  { title: 'DEVICE', cell: (grant) => grant.device },
  { title: 'PROVIDER', cell: (grant) => grant.provider },
  { title: 'SCOPES', cell: (grant) => grant.scopes.join(',') },
  { title: 'EXPIRES', cell: (grant) => time(grant.expiresAt) },
  { title: 'LAST USED', cell: (grant) => time(grant.lastUsedAt) },
  { title: 'KEY', cell: (grant) => grant.keyId },
  { title: 'AGENT KNOWN TO', cell: (grant) => (grant.agentKnownTo === 'server' ? 'server and here' : 'here') },
  { title: 'WIRED IN', cell: (grant) => grant.wired.map(({ client }) => client).join(',') },
];

function text(grants: readonly GrantRecord[], { terminal, now }: Screen): string {
  if (!terminal)
    return tabLines(
      columns((value) => value ?? ''),
      grants,
    );
  return grants.length === 0
    ? 'There are no grants.\n'
    : table(
        columns((value) => relativeTime(value, now)),
        grants,
      );
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
  run,
  text,
});
