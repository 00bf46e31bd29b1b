import type { AccountRecord } from '../model/credentials.ts';
import { DEFAULT_ACCOUNT } from '../model/credentials.ts';
import { type Deps, variable } from '../model/deps.ts';
import { Failure } from '../model/failure.ts';
import { Secret } from '../model/secret.ts';
import { checkedAccount, chooseProvider, chooseTarget } from '../flows/resolve.ts';
import { signInThroughBrowser, signInWithKey } from '../flows/sign-in.ts';
import { thenRetryRevocations } from '../flows/revocations/retry.ts';
import { chosenStore } from '../flows/stored.ts';
import { plainText } from '../render/plain-text.ts';
import { PROVIDERS } from '../providers/registry.ts';
import { command, type Invocation, type OptionsOf } from './command.ts';

const flags = {
  browser: { about: 'Open a browser even where none seems to be there' },
  noBrowser: { about: 'Print the address; accept the redirect address or the code pasted' },
  withToken: { about: 'Read a key or token from standard input, or ask for it without showing it' },
  dpop: { about: 'Ask for tokens that are bound to a key kept beside them (RFC 9449)' },
  scope: { takes: 'scope', many: true, about: 'Ask for this scope instead of the usual ones' },
  store: { takes: 'store', choices: ['keychain', 'file'], about: 'Where to keep the credential: keychain or file' },
} as const;

const args = [{ name: 'provider', about: 'Which provider to sign in to', required: false, choices: PROVIDERS.map((provider) => provider.id) }] as const;

type LoginInvocation = Invocation<OptionsOf<typeof flags>, { readonly provider: string | undefined }>;

/** Longest key that is read from standard input; no provider's is near it. */
const KEY_MAX_BYTES = 8 * 1024;

async function chosenProvider(invocation: LoginInvocation, deps: Deps) {
  const named = invocation.args.provider ?? invocation.choice.provider;
  if (named !== undefined || PROVIDERS.length === 1 || !deps.prompt.canAsk) return chooseProvider(named, deps);
  const choices = PROVIDERS.map((provider) => ({ name: `${provider.name} (${provider.id})`, value: provider }));
  return deps.prompt.choose('Which provider?', choices, deps.interrupted);
}

async function readKey(deps: Deps, provider: string): Promise<Secret> {
  const text = deps.prompt.stdinIsTerminal ? '' : await deps.prompt.readStdin(KEY_MAX_BYTES, deps.interrupted);
  const asked = deps.prompt.stdinIsTerminal && deps.prompt.canAsk ? await deps.prompt.hidden(`Key or token for ${provider}:`, deps.interrupted) : text;
  const key = asked.trim();
  if (key === '')
    throw new Failure('needs-answer', {
      detail: 'No key came in on standard input.',
      hint: `Pipe it in, such as: keywright login ${provider} --with-token < key.txt`,
    });
  if (!/^[\x21-\x7e]{8,8192}$/.test(key)) {
    throw new Failure('usage', {
      detail: 'What came in is not one key: it holds spaces, line ends or characters that no key has, or is too short.',
      hint: 'Give the key alone.',
    });
  }
  return new Secret(key);
}

function howToShow(options: OptionsOf<typeof flags>, deps: Deps, provider: string): 'open' | 'show' {
  if (options.noBrowser) return 'show';
  if (options.browser || deps.browser.likely) return 'open';
  if (!deps.prompt.canAsk) {
    throw new Failure('needs-answer', {
      detail: 'There is no browser here and nobody who can be asked.',
      hint: `Give a key instead: keywright login ${provider} --with-token   (or --no-browser to print the address)`,
    });
  }
  deps.output.note('No browser is expected to open here, so the address is only shown.');
  return 'show';
}

async function run(invocation: LoginInvocation, deps: Deps): Promise<AccountRecord> {
  const { options } = invocation;
  const provider = await chosenProvider(invocation, deps);
  const { target } = chooseTarget(provider, deps.env);
  const address = { origin: target.origin, account: checkedAccount(invocation.choice.account) ?? DEFAULT_ACCOUNT };
  const key = `${provider.envPrefix}_API_KEY`;
  if (variable(deps.env, key) !== undefined) deps.output.warn(`${key} is set; other commands will use it instead of this sign-in until it is unset.`);
  const store = await deps.store(chosenStore(options.store, deps.env));
  if (options.withToken) return signInWithKey({ target, address, store }, await readKey(deps, provider.id), deps);
  const scopes = options.scope.length > 0 ? options.scope : (provider.oauth?.scopes ?? []);
  return signInThroughBrowser(
    { target, address, store, scopes, browser: howToShow(options, deps, provider.id), binding: options.dpop ? 'dpop' : 'bearer' },
    deps,
  );
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
    ['keywright login memax --with-token < key.txt', 'store a key that is already there'],
  ],
  run: (invocation, deps) => thenRetryRevocations(deps, () => run(invocation, deps)),
  text: (record) =>
    `Signed in to ${record.provider} as ${record.identity === null ? 'somebody the provider does not name' : plainText(record.identity.label)}${record.account === DEFAULT_ACCOUNT ? '' : ` (account ${record.account})`}. The credential is in the ${record.store === 'file' ? 'encrypted file' : 'system keychain'}.\n`,
});
