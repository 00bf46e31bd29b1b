import { checkedAccount } from '../../flows/resolve.ts';
import { type EntryReport, storeStatus, type StoreReport, type StoreStatus } from '../../flows/store/status.ts';
import type { Deps } from '../../model/deps.ts';
import { STORE } from '../../model/failure-sets.ts';
import { providerById } from '../../providers/registry.ts';
import { listing } from '../../render/listing.ts';
import type { Column } from '../../render/table.ts';
import { command, type Invocation, type OptionsOf, type Screen } from '../command.ts';

const flags = {} as const;

async function run({ choice }: Invocation<OptionsOf<typeof flags>, object>, deps: Deps): Promise<StoreStatus> {
  const provider = choice.provider === undefined ? undefined : (await providerById(choice.provider, deps)).id;
  const account = checkedAccount(choice.account);
  return storeStatus((place) => (provider ?? place.provider) === place.provider && (account ?? place.account) === place.account, deps);
}

function storeRemarks({ path, mode, keySource, waitingRevocations, why }: StoreReport): string {
  const words = [
    path ?? '',
    mode === null ? '' : `mode ${mode}`,
    path === null ? '' : `key: ${keySource ?? 'none'}`,
    waitingRevocations === 0 ? '' : `${waitingRevocations} to be revoked`,
    why ?? '',
  ];
  return words.filter((word) => word !== '').join(', ');
}

function entryRemarks({ pinned, entry, kind, why }: EntryReport): string {
  const found = entry === 'present' && kind !== null ? (kind === 'key' ? 'a key' : 'a session') : '';
  return [found, pinned ? '' : 'not looked for here', why ?? ''].filter((word) => word !== '').join(', ');
}

const storeColumns: ReadonlyArray<Column<StoreReport>> = [
  { title: 'STORE', cell: (each) => each.store },
  { title: 'STATE', cell: (each) => each.state },
  { title: 'REMARKS', cell: storeRemarks, longest: 300 },
];

const entryColumns: ReadonlyArray<Column<EntryReport>> = [
  { title: 'PROVIDER', cell: (each) => each.provider },
  { title: 'ACCOUNT', cell: (each) => each.account },
  { title: 'STORE', cell: (each) => each.store },
  { title: 'ENTRY', cell: (each) => each.entry },
  { title: 'ADDRESS', cell: (each) => each.origin },
  { title: 'REMARKS', cell: entryRemarks, longest: 300 },
];

/** In a pipe each line says first what it is about: a store or an entry. */
function text({ stores, entries }: StoreStatus, screen: Screen): string {
  if (screen.terminal) return [listing(storeColumns, stores, screen), ...(entries.length === 0 ? [] : [listing(entryColumns, entries, screen)])].join('\n');
  const mark = <Row>(name: string, columns: ReadonlyArray<Column<Row>>): ReadonlyArray<Column<Row>> => [{ title: '', cell: () => name }, ...columns];
  return `${listing(mark('store', storeColumns), stores, screen)}${listing(mark('entry', entryColumns), entries, screen)}`;
}

/** `store status`: which store holds what, and whether it can be read now. */
export const status = command({
  path: ['store', 'status'],
  group: 'Tools',
  summary: 'Show which store holds which sign-in, and whether it can be read',
  args: [],
  flags,
  examples: [
    ['keywright store status', 'both stores and every sign-in'],
    ['keywright store status --account work --json', 'one account, for a program'],
  ],
  failures: STORE,
  run,
  text,
  // As in a pipe, each says first what it is about.
  elements: ({ stores, entries }) => [...stores.map((each) => ({ about: 'store', ...each })), ...entries.map((each) => ({ about: 'entry', ...each }))],
});
