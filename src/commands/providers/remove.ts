import { type LeftAccount, removeDefinition } from '../../flows/definitions/remove.ts';
import { warnOfStranded } from '../../flows/rotate/left-over.ts';
import type { Deps } from '../../model/deps.ts';
import { command, type Invocation, type OptionsOf } from '../command.ts';

const flags = {
  force: { about: 'Remove it although somebody is signed in there' },
} as const;

const args = [{ name: 'id', about: 'The provider', required: true, completes: 'providers' }] as const;

interface Removed {
  readonly id: string;
  /** What stays in the store, and can be reached again once the definition is back. */
  readonly left_accounts: readonly LeftAccount[];
}

async function run({ options, args: words }: Invocation<OptionsOf<typeof flags>, { readonly id: string }>, deps: Deps): Promise<Removed> {
  const left = await removeDefinition(words.id, options.force, deps);
  await warnOfStranded(({ provider }) => provider === words.id, 'add the definition again', deps);
  return { id: words.id, left_accounts: left };
}

const leftLine = ({ origin, account }: LeftAccount): string =>
  `The credential of the account "${account}" at ${origin} is still stored. Add the definition again to sign out.`;

/** `providers remove`: forgets a definition. */
export const remove = command({
  path: ['providers', 'remove'],
  group: 'Tools',
  summary: 'Remove a provider of your own',
  args,
  flags,
  examples: [
    ['keywright providers remove acme', 'after you have signed out there'],
    ['keywright providers remove acme --force', 'although you are signed in there; the credential stays in the store'],
  ],
  failures: {
    'not-found': 'There is no provider of your own with this id',
    refused: 'Somebody is signed in there (--force)',
  },
  run,
  text: ({ id }) => `Removed ${id}.\n`,
  notes: ({ left_accounts: left }) => left.map(leftLine),
});
