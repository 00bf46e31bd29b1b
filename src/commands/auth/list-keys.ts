import { atMost, chosenKeys, inOrder, lookAt, type Order, ORDERS } from '../../flows/clean-up/chosen.ts';
import { readSelection, refuseUnknowable } from '../../flows/clean-up/selection.ts';
import { learningAccessOf } from '../../flows/known-keys.ts';
import { resolve } from '../../flows/resolve.ts';
import type { MarkedKey } from '../../model/api-key.ts';
import type { Deps } from '../../model/deps.ts';
import { Failure } from '../../model/failure.ts';
import { ACCESS } from '../../model/failure-sets.ts';
import { keyPieces } from '../../render/keys.ts';
import { command, type Invocation, type OptionsOf, type Screen } from '../command.ts';

const flags = {
  stale: { takes: 'time', about: 'Only keys that were not used for so long, such as 90d; one never used counts from its creation' },
  expiring: { takes: 'time', about: 'Only keys that work now and expire within this time, such as 14d' },
  expired: { about: 'Only keys that have expired' },
  agent: { takes: 'name', completes: 'agents', about: 'Only keys of this agent' },
  name: { takes: 'pattern', completes: 'key-names', about: 'Only keys with such a name; * stands for any characters, ? for one' },
  sort: {
    takes: 'order',
    choices: ORDERS,
    about: "By created or used (newest first), expires (soonest first) or name; else in the provider's order, as the pages come",
  },
  limit: { takes: 'count', about: 'At most so many keys' },
} as const;

interface Result {
  readonly keys: AsyncIterable<readonly MarkedKey[]>;
  /** What a terminal shows where there are none. */
  readonly none: string;
}

function readOrder(typed: string | undefined): Order | undefined {
  const order = ORDERS.find((each) => each === typed);
  if (typed === undefined || order !== undefined) return order;
  throw new Failure('usage', { detail: `--sort "${typed}" is no order.`, hint: `Choose from: ${ORDERS.join(', ')}.` });
}

function readLimit(typed: string | undefined): number | undefined {
  if (typed === undefined) return undefined;
  if (/^[1-9][0-9]{0,8}$/.test(typed)) return Number(typed);
  throw new Failure('usage', { detail: `--limit "${typed}" is no number of keys.`, hint: 'Give a whole number from 1.' });
}

async function run({ options, choice }: Invocation<OptionsOf<typeof flags>, object>, deps: Deps): Promise<Result> {
  const selection = readSelection(options);
  const order = readOrder(options.sort);
  const limit = readLimit(options.limit);
  const resolution = await resolve(choice, deps);
  const { provider } = resolution.target;
  refuseUnknowable(options, provider);
  // Several pages go over connections that are kept.
  const http = provider.keys.list === null || provider.keys.list.paging === null ? deps.http : await deps.bulkHttp();
  const access = await learningAccessOf(resolution, deps, http);
  const chosen = chosenKeys(access, selection, lookAt(access, deps), deps.output, order === undefined && limit !== undefined ? 'some' : 'all');
  const ordered = order === undefined ? chosen : inOrder(chosen, order);
  return {
    keys: limit === undefined ? ordered : atMost(ordered, limit),
    none: selection.kind === 'all' ? 'There are no keys.\n' : 'No key is like that.\n',
  };
}

const stream = ({ keys, none }: Result, form: 'text' | 'json', screen: Screen): AsyncIterable<string> => keyPieces(keys, { form, none }, screen);

/** `auth list-keys`: a table in a terminal, tab-separated lines with exact times in a pipe, page by page as they come. */
export const listKeys = command({
  path: ['auth', 'list-keys'],
  group: 'Keys',
  summary: 'List the API keys of your account',
  args: [],
  flags,
  examples: [
    ['keywright auth list-keys', 'a table, with marks on keys unused for 90 days and keys that expire within 14'],
    ['keywright auth list-keys --stale 90d --sort used', 'keys that nobody seems to need'],
    ["keywright auth list-keys --name 'ci-*' --json", 'an array of objects'],
    ['keywright auth list-keys --jsonl', 'one object a line, however many there are'],
  ],
  failures: ACCESS,
  run,
  // Everything goes out in pieces.
  text: () => '',
  stream,
  elements: ({ keys }) => keys,
});
