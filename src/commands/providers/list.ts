import { type ProviderRow, rowOf } from '../../flows/definitions/abilities.ts';
import type { Deps } from '../../model/deps.ts';
import { knownProviders } from '../../providers/registry.ts';
import { listing } from '../../render/listing.ts';
import type { Column } from '../../render/table.ts';
import { command } from '../command.ts';

async function run(_invocation: unknown, deps: Deps): Promise<readonly ProviderRow[]> {
  return (await knownProviders(deps)).map(rowOf);
}

const columns: ReadonlyArray<Column<ProviderRow>> = [
  { title: 'ID', cell: (row) => row.id },
  { title: 'NAME', cell: (row) => row.name },
  { title: 'ORIGIN', cell: (row) => row.origin },
  { title: 'ADDRESS', cell: (row) => row.base_url },
  { title: 'SIGN IN BY', cell: (row) => row.sign_in.join(', ') },
  { title: 'CAN', cell: (row) => row.can.join(', '), longest: 100, narrow: 'cut' },
];

/** `providers list`: the built-in providers, then the person's own. */
export const list = command({
  path: ['providers', 'list'],
  group: 'Tools',
  summary: 'List the providers that are known here, built in and your own',
  args: [],
  flags: {},
  examples: [
    ['keywright providers list', 'all of them, with what each can do'],
    ['keywright providers list --json', 'the same for a program'],
  ],
  failures: {},
  run,
  text: (rows, screen) => listing(columns, rows, screen),
  elements: (rows) => rows,
});
