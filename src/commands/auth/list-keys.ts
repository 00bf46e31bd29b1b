import { listKeys as list } from '../../api/keys.ts';
import { accessOf } from '../../flows/authority.ts';
import { resolve } from '../../flows/resolve.ts';
import type { ApiKey } from '../../model/api-key.ts';
import type { Deps } from '../../model/deps.ts';
import { tabLines, table, type Column } from '../../render/table.ts';
import { relativeTime } from '../../render/time.ts';
import { command, type Invocation, type Screen } from '../command.ts';

async function run({ choice }: Invocation<object, object>, deps: Deps): Promise<readonly ApiKey[]> {
  const resolution = await resolve(choice, deps);
  const { list: operation } = resolution.target.provider.keys;
  // Several pages go over connections that are kept.
  const http = operation === null || operation.paging === null ? deps.http : await deps.bulkHttp();
  return list(await accessOf(resolution, deps, http));
}

const columns = (time: (value: string | null) => string): ReadonlyArray<Column<ApiKey>> => [
  { title: 'ID', cell: (key) => key.id },
  { title: 'NAME', cell: (key) => key.name ?? '' },
  { title: 'PREFIX', cell: (key) => key.prefix ?? '' },
  { title: 'SCOPES', cell: (key) => key.scopes.join(',') },
  { title: 'AGENT', cell: (key) => key.agent ?? '' },
  { title: 'CREATED', cell: (key) => time(key.createdAt) },
  { title: 'EXPIRES', cell: (key) => time(key.expiresAt) },
  { title: 'LAST USED', cell: (key) => time(key.lastUsedAt) },
];

function text(keys: readonly ApiKey[], screen: Screen): string {
  if (!screen.terminal)
    return tabLines(
      columns((value) => value ?? ''),
      keys,
    );
  return keys.length === 0
    ? 'There are no keys.\n'
    : table(
        columns((value) => relativeTime(value, screen.now)),
        keys,
      );
}

/** `auth list-keys`: a table in a terminal, tab-separated lines with exact times in a pipe. */
export const listKeys = command({
  path: ['auth', 'list-keys'],
  group: 'Keys',
  summary: 'List the API keys of your account',
  args: [],
  flags: {},
  examples: [
    ['keywright auth list-keys', 'a table'],
    ['keywright auth list-keys --json', 'an array of objects'],
  ],
  run,
  text,
});
