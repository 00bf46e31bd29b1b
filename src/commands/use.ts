import type { Target } from '../api/target.ts';
import { decideProject } from '../flows/decision/project.ts';
import { checkedAccount, chooseProvider, chooseTarget, consider } from '../flows/resolve.ts';
import { changeDefaults } from '../flows/settings-lock.ts';
import type { Binding } from '../model/binding.ts';
import type { Deps } from '../model/deps.ts';
import type { MachineDefaults } from '../model/settings.ts';
import { Failure } from '../model/failure.ts';
import { CREDENTIAL } from '../model/failure-sets.ts';
import { plainText } from '../render/plain-text.ts';
import { PROVIDER_IDS } from '../providers/known-words.ts';
import { command, PROJECT_FLAG, type Invocation, type OptionsOf } from './command.ts';

const flags = {
  project: { ...PROJECT_FLAG, about: 'With --here: the project that this folder is bound to' },
  here: { about: 'Bind the current folder instead (.keywright.json, names only); alone: trust the binding that counts here' },
  clear: { about: 'Remove the default, or with --here the binding of the current folder' },
} as const;

const args = [{ name: 'provider', about: 'The provider to use where none is named', required: false, choices: PROVIDER_IDS, completes: 'providers' }] as const;

type UseInvocation = Invocation<OptionsOf<typeof flags>, { readonly provider: string | undefined }>;

/** What holds after the command, whatever it did. */
interface InUse {
  readonly provider: string | null;
  readonly accounts: ReadonlyArray<{ readonly origin: string; readonly account: string }>;
  readonly binding: {
    readonly path: string;
    readonly provider: string | null;
    readonly account: string | null;
    readonly project: string | null;
    readonly trusted: boolean;
  } | null;
}

/** The place that is meant and the account that is chosen there. An account that nobody signed in to is more likely a slip than a plan. */
async function chosen(
  named: string | undefined,
  accountFlag: string | undefined,
  deps: Deps,
): Promise<{ readonly target: Target; readonly account: string | null }> {
  const { target } = chooseTarget(await chooseProvider(named, deps), deps.env);
  const account = checkedAccount(accountFlag) ?? null;
  const known = (await deps.accounts.list()).filter((record) => record.origin === target.origin).map((record) => record.account);
  if (account === null || known.includes(account)) return { target, account };
  throw new Failure('not-found', {
    detail: `Nobody is signed in to ${target.provider.name} at ${target.origin} with the account "${account}".`,
    hint: known.length === 0 ? `Sign in first: keywright login ${target.provider.id} --account ${account}` : `Known accounts: ${known.join(', ')}.`,
  });
}

async function trust({ path, hash }: Binding, deps: Deps): Promise<void> {
  await changeDefaults((before) => ({ ...before, trusted: new Map(before.trusted).set(path, hash) }), deps);
}

/** The project in the form that the provider's projects have. */
function checkedProject({ provider }: Target, project: string | undefined, deps: Deps): string | null {
  if (project === undefined) return null;
  const decision = decideProject(provider, project, { env: deps.env, binding: undefined });
  if (decision.kind === 'failed') throw decision.failure;
  return decision.project;
}

async function bindHere(named: string | undefined, account: string | undefined, project: string | undefined, deps: Deps): Promise<void> {
  if (named !== undefined || account !== undefined || project !== undefined) {
    const choice = await chosen(named, account, deps);
    return trust(
      await deps.binding.write({ provider: choice.target.provider.id, account: choice.account, project: checkedProject(choice.target, project, deps) }),
      deps,
    );
  }
  const found = await deps.binding.find();
  if (found !== undefined) return trust(found, deps);
  throw new Failure('usage', {
    detail: 'No binding counts in this folder that could be trusted.',
    hint: 'Make one: keywright use --here <provider> [--account <name>]',
  });
}

async function unbindHere(deps: Deps): Promise<void> {
  const { path } = await deps.binding.remove();
  const { trusted } = await deps.settings.read();
  if (trusted.has(path)) await changeDefaults((before) => ({ ...before, trusted: new Map([...before.trusted].filter(([name]) => name !== path)) }), deps);
}

async function setDefault(named: string | undefined, accountFlag: string | undefined, deps: Deps): Promise<void> {
  const { target, account } = await chosen(named, accountFlag, deps);
  const change = (before: MachineDefaults): MachineDefaults => ({
    ...before,
    provider: named === undefined ? before.provider : target.provider.id,
    accounts: account === null ? before.accounts : new Map(before.accounts).set(target.origin, account),
  });
  await changeDefaults(change, deps);
  await tellWhatComesFirst(named, account, deps);
}

/** A default that something else overrules here would look as if it had not been set. */
async function tellWhatComesFirst(named: string | undefined, account: string | null, deps: Deps): Promise<void> {
  const general = await consider({ provider: undefined, account: undefined }, deps);
  const particular = await consider({ provider: named, account: undefined }, deps);
  const deciding = [...(named === undefined ? [] : [general.provider]), ...(account === null ? [] : [particular.credential])].map((candidates) =>
    candidates.find(({ status }) => status === 'used'),
  );
  for (const first of deciding) {
    if (first?.source === 'variable' || first?.source === 'binding') deps.output.warn(`${plainText(first.name)} comes before the default here: ${first.why}.`);
  }
}

async function clearDefault(named: string | undefined, deps: Deps): Promise<void> {
  if (named === undefined) {
    await changeDefaults((before) => ({ ...before, provider: null, accounts: new Map() }), deps);
    return;
  }
  const { target } = chooseTarget(await chooseProvider(named, deps), deps.env);
  const change = (before: MachineDefaults): MachineDefaults => ({
    ...before,
    provider: before.provider === target.provider.id ? null : before.provider,
    accounts: new Map([...before.accounts].filter(([origin]) => origin !== target.origin)),
  });
  await changeDefaults(change, deps);
}

async function change({ options, args: words, choice }: UseInvocation, deps: Deps): Promise<void> {
  const named = words.provider ?? choice.provider;
  if (options.clear && (choice.account !== undefined || (options.here && (named !== undefined || options.project !== undefined)))) {
    throw new Failure('usage', {
      detail: options.here ? '--here --clear removes the whole binding of this folder, so it takes no names.' : '--clear takes no account.',
      hint: 'See: keywright use --help',
    });
  }
  if (options.project !== undefined && !options.here)
    throw new Failure('usage', {
      detail: '--project belongs to --here.',
      hint: 'For a shell, set the variable of the provider instead, such as <PROVIDER>_PROJECT.',
    });
  if (options.here) return options.clear ? unbindHere(deps) : bindHere(named, choice.account, options.project, deps);
  if (options.clear) return clearDefault(named, deps);
  if (named !== undefined || choice.account !== undefined) return setDefault(named, choice.account, deps);
}

async function run(invocation: UseInvocation, deps: Deps): Promise<InUse> {
  await change(invocation, deps);
  const { provider, accounts, trusted } = await deps.settings.read();
  const found = await deps.binding.find();
  return {
    provider,
    accounts: [...accounts].map(([origin, account]) => ({ origin, account })),
    binding:
      found === undefined
        ? null
        : { path: found.path, provider: found.provider, account: found.account, project: found.project, trusted: trusted.get(found.path) === found.hash },
  };
}

function text({ provider, accounts, binding }: InUse): string {
  const bound =
    binding === null
      ? []
      : [
          binding.provider ?? [],
          binding.account === null ? [] : `account ${binding.account}`,
          binding.project === null ? [] : `project ${binding.project}`,
        ].flat();
  const lines = [
    provider === null ? 'No default provider is set.' : `The default provider is ${provider}.`,
    ...accounts.map(({ origin, account }) => `The default account at ${origin} is "${account}".`),
    binding === null
      ? 'No directory binding counts here.'
      : `${plainText(binding.path)} binds this folder to ${bound.join(', ')} (${binding.trusted ? 'trusted' : 'not trusted yet'}).`,
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** `use`: chooses the provider and account that count where none is named, for this machine or for a folder. */
export const use = command({
  path: ['use'],
  group: 'Sign in',
  summary: 'Choose the default provider and account, for this machine or this folder',
  args,
  flags,
  examples: [
    ['keywright use memax --account work', 'the default on this machine'],
    ['keywright use --here memax --account work', 'for this folder and those below it; the file can be committed'],
    ['keywright use', 'show what is set'],
  ],
  failures: { ...CREDENTIAL, 'not-found': 'Nobody is signed in there under this account, or there is no binding to take away' },
  run,
  text,
});
