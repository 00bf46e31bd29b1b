import { checkedAccount } from '../../flows/resolve.ts';
import { migrate as moveInto, type Migrated } from '../../flows/store/migrate.ts';
import { DEFAULT_ACCOUNT } from '../../model/credentials.ts';
import type { Deps } from '../../model/deps.ts';
import { Failure } from '../../model/failure.ts';
import { STORE } from '../../model/failure-sets.ts';
import { providerById } from '../../providers/registry.ts';
import { plainText } from '../../render/plain-text.ts';
import { command, type Invocation, type OptionsOf } from '../command.ts';

const flags = {
  to: { takes: 'store', choices: ['keychain', 'file'], about: 'The store to move into: keychain or file' },
  dryRun: { about: 'Only say what would be moved' },
} as const;

async function run({ options, choice }: Invocation<OptionsOf<typeof flags>, object>, deps: Deps): Promise<readonly Migrated[]> {
  const { to } = options;
  if (to !== 'keychain' && to !== 'file') {
    throw new Failure('usage', {
      detail: to === undefined ? 'It was not said where to move the sign-ins.' : `"${plainText(to, 40)}" is not a store.`,
      hint: 'Give --to keychain or --to file.',
    });
  }
  const provider = choice.provider === undefined ? undefined : (await providerById(choice.provider, deps)).id;
  const account = checkedAccount(choice.account);
  const records = (await deps.accounts.list()).filter(
    (record) => (provider ?? record.provider) === record.provider && (account ?? record.account) === record.account,
  );
  if (records.length === 0 && (provider !== undefined || account !== undefined)) {
    throw new Failure('not-found', { detail: 'No sign-in fits that provider and account.', hint: 'See what there is: keywright store status' });
  }
  return moveInto(records, to, options.dryRun, deps);
}

function line({ provider, account, origin, from, to, outcome, why }: Migrated): string {
  const whose = `${plainText(provider, 40)}${account === DEFAULT_ACCOUNT ? '' : ` (account ${plainText(account, 64)})`} at ${plainText(origin, 100)}`;
  const because = plainText(why ?? '', 600);
  switch (outcome) {
    case 'moved':
      return `moved ${whose} from the ${from} to the ${to}\n`;
    case 'would-move':
      return `would move ${whose} from the ${from} to the ${to}\n`;
    case 'already-there':
      return `already there: ${whose} is in the ${to}\n`;
    case 'cleaned':
      return `already there: ${whose} is in the ${to}; an old copy elsewhere was removed\n`;
    case 'left-behind':
      return `moved ${whose} from the ${from} to the ${to}, but the old copy could not be removed: ${because}\n`;
    case 'failed':
      return `not moved: ${whose}: ${because}\n`;
  }
}

function verdict(results: readonly Migrated[]): Failure | undefined {
  const failed = results.filter(({ outcome }) => outcome === 'failed' || outcome === 'left-behind').length;
  if (failed === 0) return undefined;
  return new Failure('partly-done', {
    detail: `${failed} of ${results.length} sign-ins could not be moved whole. What was not moved is where it was and works as before.`,
    hint: 'Put right what stood in the way and run it again; what is done already is passed over.',
    data: { results },
  });
}

/** `store migrate`: moves sign-ins from one store to the other, and tells for each what was done. */
export const migrate = command({
  path: ['store', 'migrate'],
  group: 'Tools',
  summary: 'Move sign-ins between the keychain and the encrypted file',
  args: [],
  flags,
  examples: [
    ['keywright store migrate --to file --dry-run', 'what would be moved'],
    ['keywright store migrate --to keychain --provider memax', 'the sign-ins of one provider'],
  ],
  failures: {
    ...STORE,
    'not-found': 'No sign-in fits the provider and the account',
    'partly-done': 'Some sign-ins stay where they were, and work there',
  },
  run,
  text: (results) => (results.length === 0 ? 'There is nothing to move.\n' : results.map(line).join('')),
  verdict,
});
