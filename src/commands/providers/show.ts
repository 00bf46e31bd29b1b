import { type FactRow, factsOf } from '../../flows/definitions/facts.ts';
import type { Deps } from '../../model/deps.ts';
import type { Provider } from '../../providers/provider.ts';
import { providerById } from '../../providers/registry.ts';
import { plainText } from '../../render/plain-text.ts';
import { PROVIDER_IDS } from '../../providers/known-words.ts';
import { command, type Invocation, type Screen } from '../command.ts';
import { listing, sentenceAbove } from '../../render/listing.ts';
import type { Column } from '../../render/table.ts';

const args = [{ name: 'id', about: 'The provider', required: true, choices: PROVIDER_IDS, completes: 'providers' }] as const;

interface Shown {
  readonly id: string;
  readonly name: string;
  readonly origin: Provider['origin'];
  readonly dashboard: string | null;
  readonly facts: readonly FactRow[];
}

async function run({ args: words }: Invocation<object, { readonly id: string }>, deps: Deps): Promise<Shown> {
  const provider = await providerById(words.id, deps);
  const { id, name, origin, keys } = provider;
  return { id, name, origin, dashboard: keys.dashboard, facts: factsOf(provider) };
}

const columns: ReadonlyArray<Column<FactRow>> = [
  { title: 'FACT', cell: (row) => row.fact },
  { title: 'VALUE', cell: (row) => row.value, longest: 300 },
  { title: '', cell: (row) => (row.assumed === null ? '' : `assumed: ${row.assumed}`), longest: 300 },
];

function text({ name, id, origin, dashboard, facts }: Shown, screen: Screen): string {
  const rows = listing(columns, facts, screen);
  if (!screen.terminal) return rows;
  const head = `${plainText(name)} (${id}), ${origin === 'built-in' ? 'built in' : 'your own definition'}`;
  const managed = dashboard === null ? '' : `; keys are managed at ${plainText(dashboard)}`;
  return `${sentenceAbove(`${head}${managed}`, screen)}\n${rows}`;
}

/** `providers show`: every fact of a definition, and which of them are assumed. */
export const show = command({
  path: ['providers', 'show'],
  group: 'Tools',
  summary: 'Show what is known of a provider, and which of it is assumed',
  args,
  flags: {},
  examples: [
    ['keywright providers show memax', 'addresses, variables, what its keys look like'],
    ['keywright providers show memax --json', 'the same for a program'],
  ],
  failures: {},
  run,
  text,
});
