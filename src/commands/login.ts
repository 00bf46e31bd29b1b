import type { Target } from '../api/target.ts';
import type { AccountRecord, CredentialAddress } from '../model/credentials.ts';
import { DEFAULT_ACCOUNT } from '../model/credentials.ts';
import type { CredentialStore } from '../model/credential-store.ts';
import type { Deps } from '../model/deps.ts';
import { variable } from '../model/env.ts';
import { Failure, failedWith } from '../model/failure.ts';
import { STORE, REFRESH } from '../model/failure-sets.ts';
import { readBroughtSecret, refuseStrangersKey, refuseStrayAddress } from '../flows/brought-secret.ts';
import { decideProject } from '../flows/decision/project.ts';
import { serverOf } from '../flows/issuer.ts';
import { checkedAccount, chooseProvider, chooseTarget } from '../flows/resolve.ts';
import { codeOffer, signInByCode } from '../flows/device-sign-in.ts';
import { signInThroughBrowser, signInWithKey } from '../flows/sign-in.ts';
import { thenRetryRevocations } from '../flows/revocations/retry.ts';
import { chosenStore, storeForSignIn } from '../flows/stored.ts';
import { beginSignIn, type BegunSignIn } from '../flows/two-steps/begin.ts';
import { completeSignIn } from '../flows/two-steps/complete.ts';
import { plainText } from '../render/plain-text.ts';
import type { Provider } from '../providers/provider.ts';
import { knownProviders, PROVIDERS } from '../providers/registry.ts';
import { PROVIDER_IDS, SIGN_IN_SCOPES } from '../providers/known-words.ts';
import { command, PROJECT_FLAG, type Invocation, type OptionsOf } from './command.ts';

const flags = {
  browser: { about: 'Open a browser even where none seems to be there' },
  noBrowser: { about: 'Print the address; accept the redirect address or the code pasted' },
  device: { about: 'Show a code that is confirmed in a browser on any device (RFC 8628)' },
  withToken: { about: 'Read a key or token from standard input, or ask for it without showing it' },
  dpop: { about: 'Ask for tokens that are bound to a key kept beside them (RFC 9449)' },
  scope: { takes: 'scope', many: true, choices: SIGN_IN_SCOPES, about: 'Ask for this scope instead of the usual ones' },
  begin: { about: 'Only begin: print the address and the command that completes the sign-in, and end' },
  complete: {
    takes: 'id',
    completes: 'sign-ins',
    about: 'Complete a sign-in that was begun with --begin; the address that the browser ended at comes on standard input',
  },
  noWait: { about: 'With --complete: ask once whether the code was confirmed, and do not wait for it' },
  project: PROJECT_FLAG,
  store: { takes: 'store', choices: ['keychain', 'file'], about: 'Where to keep the credential: keychain or file' },
} as const;

const args = [{ name: 'provider', about: 'Which provider to sign in to', required: false, choices: PROVIDER_IDS, completes: 'providers' }] as const;

type LoginInvocation = Invocation<OptionsOf<typeof flags>, { readonly provider: string | undefined }>;

async function chosenProvider(invocation: LoginInvocation, deps: Deps) {
  const named = invocation.args.provider ?? invocation.choice.provider;
  if (named !== undefined || !deps.prompt.canAsk) return chooseProvider(named, deps);
  const choices = (await knownProviders(deps)).map((provider) => ({
    name: `${plainText(provider.name, 60)} (${provider.id})`,
    value: provider,
    about: provider.oauth === null ? 'with a key or token' : 'through the browser',
  }));
  return deps.prompt.search('Which provider?', choices, deps.interrupted);
}

type LoginOptions = OptionsOf<typeof flags>;

/** The project that the credential is tried with, where it needs one. */
async function namedProject(provider: Provider, named: string | undefined, deps: Deps): Promise<string | null> {
  const decision = decideProject(provider, named, { env: deps.env, binding: await deps.binding.find() });
  if (decision.kind === 'failed') throw decision.failure;
  return decision.project;
}

/** Flags of which only one can be meant. */
const WAYS: ReadonlyArray<ReadonlyArray<readonly [keyof LoginOptions, string]>> = [
  [
    ['browser', '--browser'],
    ['noBrowser', '--no-browser'],
    ['withToken', '--with-token'],
    ['complete', '--complete'],
  ],
  [
    ['device', '--device'],
    ['noBrowser', '--no-browser'],
    ['withToken', '--with-token'],
    ['complete', '--complete'],
  ],
  [
    ['begin', '--begin'],
    ['browser', '--browser'],
    ['withToken', '--with-token'],
    ['complete', '--complete'],
  ],
  [
    ['dpop', '--dpop'],
    ['withToken', '--with-token'],
    ['complete', '--complete'],
  ],
];

function checkTogether(options: LoginOptions): void {
  const given = (name: keyof LoginOptions): boolean => options[name] !== false && options[name] !== undefined;
  for (const way of WAYS) {
    const [one, other] = way.filter(([name]) => given(name)).map(([, flag]) => flag);
    if (other !== undefined) throw new Failure('usage', { detail: `${one} and ${other} exclude each other.`, hint: 'Give one of them.' });
  }
  if (options.noWait && options.complete === undefined)
    throw new Failure('usage', { detail: '--no-wait belongs to --complete.', hint: 'Such as: keywright login --complete <id> --no-wait' });
}

/** How the person comes to the provider's page: a browser opens here, the address is shown, or a code is confirmed on any device. */
type Way = { readonly kind: 'browser'; readonly browser: 'open' | 'show' } | { readonly kind: 'device'; readonly browser: 'open' | 'show' };

/** Where no browser can be expected, a code is the next best, and an address to carry back and forth the last. It is said why. */
async function chosenWay(options: LoginOptions, target: Target, deps: Deps): Promise<Way> {
  const open = options.browser || deps.browser.likely ? 'open' : 'show';
  if (options.device) return { kind: 'device', browser: open };
  if (options.noBrowser) return { kind: 'browser', browser: 'show' };
  if (open === 'open') return { kind: 'browser', browser: 'open' };
  if (!deps.prompt.canAsk) {
    const { id } = target.provider;
    throw new Failure('needs-answer', {
      detail: `No browser is expected to open here, because ${deps.browser.whyUnlikely ?? 'none was found'}, and there is nobody who can be asked.`,
      hint: `Sign in with two commands: keywright login ${id} --begin --json   (or wait for somebody with --device or --no-browser, or give a key with --with-token)`,
    });
  }
  const offer = await codeOffer(target, deps);
  const so = offer === 'offered' ? 'you sign in with a code on any device' : 'the address is only shown';
  deps.output.note(`No browser is expected to open here, because ${deps.browser.whyUnlikely ?? 'none was found'}; so ${so}.`);
  return offer === 'offered' ? { kind: 'device', browser: 'show' } : { kind: 'browser', browser: 'show' };
}

/** For a sign-in that is only begun, a code is always the better way: nothing has to be carried back. */
async function chosenBeginning(options: LoginOptions, target: Target, deps: Deps): Promise<'device' | 'redirect'> {
  if (options.device) return 'device';
  if (options.noBrowser) return 'redirect';
  return (await codeOffer(target, deps)) === 'offered' ? 'device' : 'redirect';
}

/**
 * The store of this sign-in. Where the keychain cannot be used, nobody named a store and a person is there, they are told why
 * and asked whether the encrypted file shall take its place; it never does by itself. A keychain that is only locked is not
 * given up.
 */
async function openStore(named: string | undefined, address: CredentialAddress, provider: Provider, deps: Deps): Promise<CredentialStore> {
  const store = await deps.store(await storeForSignIn(named, address, provider.id, deps));
  const free = named === undefined && variable(deps.env, 'KEYWRIGHT_STORE') === undefined;
  if (store.name === 'file' || !free || !deps.prompt.canAsk) return store;
  try {
    await store.probe();
    return store;
  } catch (thrown) {
    if (!failedWith(thrown, 'keychain-unavailable')) throw thrown;
    deps.output.warn(`The system keychain cannot be used here. ${thrown.detail}`);
    if (!(await deps.prompt.confirm('Keep the credential in an encrypted file instead?', deps.interrupted))) throw thrown;
    return deps.store('file');
  }
}

async function run(invocation: LoginInvocation, deps: Deps): Promise<AccountRecord | BegunSignIn> {
  const { options } = invocation;
  checkTogether(options);
  if (options.complete !== undefined) {
    const named = { provider: invocation.args.provider ?? invocation.choice.provider, account: checkedAccount(invocation.choice.account) };
    const notes = await deps.notes(chosenStore(options.store, deps.env));
    return completeSignIn({ id: options.complete, ...named, wait: options.noWait ? 'once' : 'until-done' }, notes, deps);
  }
  const account = checkedAccount(invocation.choice.account) ?? DEFAULT_ACCOUNT;
  const provider = await chosenProvider(invocation, deps);
  const { target } = chooseTarget(provider, deps.env, await namedProject(provider, options.project, deps));
  // Said before a browser or a store is looked for: a provider without a browser sign-in needs neither.
  if (!options.withToken) serverOf(target);
  if (options.withToken) refuseStrayAddress(provider, deps.env, 'key');
  const address = { origin: target.origin, account };
  const key = `${provider.envPrefix}_API_KEY`;
  if (variable(deps.env, key) !== undefined) deps.output.warn(`${key} is set; other commands will use it instead of this sign-in until it is unset.`);
  const store = await openStore(options.store, address, provider, deps);
  if (options.withToken) {
    const { id } = provider;
    const wish = { question: `Key or token for ${id}:`, thing: 'key', example: `keywright login ${id} --with-token < key.txt` };
    const brought = await readBroughtSecret(wish, deps);
    await refuseStrangersKey(brought, provider, deps);
    return signInWithKey({ target, address, store }, brought, deps);
  }
  const scopes = options.scope.length > 0 ? options.scope : (provider.oauth?.scopes ?? []);
  const place = { target, address, store };
  const wishes = { scopes, binding: options.dpop ? 'dpop' : 'bearer' } as const;
  if (options.begin) return beginSignIn(place, wishes, await chosenBeginning(options, target, deps), deps);
  const { kind, browser } = await chosenWay(options, target, deps);
  return kind === 'device' ? signInByCode({ ...place, ...wishes, browser }, deps) : signInThroughBrowser({ ...place, ...wishes, browser }, deps);
}

function signedInText(record: AccountRecord): string {
  const who = record.identity === null ? 'somebody the provider does not name' : plainText(record.identity.label);
  const account = record.account === DEFAULT_ACCOUNT ? '' : ` (account ${record.account})`;
  const own = PROVIDERS.some(({ id, baseUrl }) => id === record.provider && new URL(baseUrl).origin === record.origin);
  return `Signed in to ${record.provider} as ${who}${account}${own ? '' : ` at ${record.origin}`}. The credential is in the ${record.store === 'file' ? 'encrypted file' : 'system keychain'}.\n`;
}

function begunText({ url, code, next, expiresAt }: BegunSignIn): string {
  const step = code === null ? `  ${next} < url.txt    (with the address that the browser ended at)` : `  ${next}`;
  return `Open this address${code === null ? '' : ` and compare or type the code ${code}`}:\n\n  ${url}\n\nand before ${expiresAt} run:\n\n${step}\n`;
}

/** `login`: signs in and stores what that gave. */
export const login = command({
  path: ['login'],
  group: 'Sign in',
  summary: 'Sign in to a provider, through the browser or with a key',
  args,
  flags,
  examples: [
    ['keywright login memax', 'sign in through the browser'],
    ['keywright login memax --device', 'confirm a code on another device, such as from an SSH session'],
    ['keywright login memax --begin --json', 'for a program: get an address to show, and the command that completes the sign-in'],
    ['keywright login memax --with-token < key.txt', 'store a key that is already there'],
  ],
  failures: {
    ...STORE,
    ...REFRESH,
    'needs-answer': 'It was not said where to sign in, or nobody is there to give the key',
    'not-found': 'No sign-in with this id is waiting (--complete)',
    'session-ended': 'The provider does not accept the key or the token',
    refused: 'The provider refused, or the credential does not belong at this address',
    'consent-denied': null,
    'missing-scope': null,
    'timed-out': 'The sign-in was not confirmed in time (--no-wait: not yet), or a server was too slow',
  },
  run: (invocation, deps) => thenRetryRevocations(deps, () => run(invocation, deps)),
  text: (result) => ('next' in result ? begunText(result) : signedInText(result)),
});
