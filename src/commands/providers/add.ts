import { type ProviderRow, rowOf } from '../../flows/definitions/abilities.ts';
import { addDefinition } from '../../flows/definitions/add.ts';
import type { Deps } from '../../model/deps.ts';
import { command, type Invocation, type OptionsOf } from '../command.ts';

const flags = {
  yes: { about: 'The addresses that it names are the right ones; do not ask' },
  replace: { about: 'Put it in place of your own definition of the same id' },
} as const;

const args = [{ name: 'file', about: 'The definition, a JSON file', required: true, path: true }] as const;

interface AddedProvider {
  readonly outcome: 'added' | 'replaced';
  readonly provider: ProviderRow;
}

async function run({ options, args: words }: Invocation<OptionsOf<typeof flags>, { readonly file: string }>, deps: Deps): Promise<AddedProvider> {
  const { kind, provider } = await addDefinition({ path: words.file, ...options }, deps);
  return { outcome: kind, provider: rowOf(provider) };
}

function text({ outcome, provider: { id, sign_in: ways } }: AddedProvider): string {
  return `${outcome === 'added' ? 'Added' : 'Replaced'} ${id}. Sign in: keywright login ${id}${ways.includes('browser') ? '' : ' --with-token'}\n`;
}

/** `providers add`: takes a provider from a definition file. */
export const add = command({
  path: ['providers', 'add'],
  group: 'Tools',
  summary: 'Add a provider of your own from a definition file',
  args,
  flags,
  examples: [
    ['keywright providers add ./acme.json', 'shows every address that it names, and asks'],
    ['keywright providers add ./acme.json --replace --yes', 'without a question, such as from a script'],
  ],
  failures: {
    'needs-answer': 'Somebody must agree to its addresses (--yes)',
    'not-found': 'There is no such file',
    refused: 'The file cannot be stored, or the output cannot be written',
  },
  run,
  text,
});
