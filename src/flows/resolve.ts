import type { Target } from '../api/target.ts';
import { type AccountRecord, type CredentialAddress, DEFAULT_ACCOUNT } from '../model/credentials.ts';
import { type Deps, type Env, variable } from '../model/deps.ts';
import { Failure } from '../model/failure.ts';
import { Secret } from '../model/secret.ts';
import { isLoopback } from '../model/loopback.ts';
import { fitsPattern } from '../providers/key-pattern.ts';
import type { Provider } from '../providers/provider.ts';
import { providerById, PROVIDERS } from '../providers/registry.ts';
import { checkedBaseUrl } from './base-url.ts';

/** What the person chose on the command line. */
export interface Choice {
  readonly provider: string | undefined;
  readonly account: string | undefined;
}

export type CredentialSource =
  | { readonly kind: 'variable'; readonly name: string; readonly key: Secret }
  | { readonly kind: 'stored'; readonly address: CredentialAddress; readonly record: AccountRecord | undefined };

export interface Resolution {
  readonly target: Target;
  readonly source: CredentialSource;
}

type ResolveDeps = Pick<Deps, 'env' | 'accounts' | 'output'>;

/** How specific a variable is: a provider's own beats ours for all providers, which beats the bare name that anybody may have set. */
const TIERS = { own: 3, ours: 2, bare: 1 } as const;

interface Found {
  readonly name: string;
  readonly value: string;
  readonly tier: number;
}

function firstSet(env: Env, provider: Provider, suffix: 'API_KEY' | 'API_URL'): Found | undefined {
  const names = [
    [`${provider.envPrefix}_${suffix}`, TIERS.own],
    [`KEYWRIGHT_${suffix}`, TIERS.ours],
    [suffix, TIERS.bare],
  ] as const;
  for (const [name, tier] of names) {
    const value = variable(env, name);
    if (value !== undefined) return { name, value, tier };
  }
  return undefined;
}

/**
 * The provider that a command is about: `--provider`, else the only one whose own variable is set, else the only one
 * signed in, else the only one there is. `needs-answer` where none of these decides.
 */
export async function chooseProvider(named: string | undefined, deps: ResolveDeps): Promise<Provider> {
  if (named !== undefined) return providerById(named);
  const byVariable = PROVIDERS.filter((provider) => variable(deps.env, `${provider.envPrefix}_API_KEY`) !== undefined);
  if (byVariable.length === 1 && byVariable[0] !== undefined) return byVariable[0];
  const signedIn = new Set((await deps.accounts.list()).map((record) => record.provider));
  const byLogin = PROVIDERS.filter((provider) => signedIn.has(provider.id));
  if (byLogin.length === 1 && byLogin[0] !== undefined) return byLogin[0];
  if (PROVIDERS.length === 1 && PROVIDERS[0] !== undefined) return PROVIDERS[0];
  throw new Failure('needs-answer', {
    detail: 'It is not clear which provider is meant.',
    hint: `Name it: --provider ${PROVIDERS.map((provider) => provider.id).join('|')}`,
  });
}

interface TargetChoice {
  readonly target: Target;
  /** The variable that the address came from; undefined where it is the definition's. */
  readonly found: Found | undefined;
}

/** Where requests go: the provider's URL variable, else ours, else the bare one, else the definition. */
export function chooseTarget(provider: Provider, env: Env): TargetChoice {
  const found = firstSet(env, provider, 'API_URL');
  const url = found === undefined ? checkedBaseUrl(provider.baseUrl, `The definition of ${provider.name}`) : checkedBaseUrl(found.value, found.name);
  return { target: { provider, baseUrl: url.href.replace(/\/+$/, ''), origin: url.origin }, found };
}

/** A key from a variable, as it may be sent: printable ASCII without spaces. A stray line end would otherwise fail deep inside a request. */
function keyOf(found: Found): Secret {
  if (/^[\x21-\x7e]{1,8192}$/.test(found.value)) return new Secret(found.value);
  throw new Failure('usage', {
    detail: `${found.name} holds a space, a line end or another character that no key has.`,
    hint: `Set ${found.name} again, to the key alone.`,
  });
}

/** The key variable that counts for this provider. A bare `API_KEY` counts only when it looks like a key of the provider. */
function keyVariable(provider: Provider, deps: ResolveDeps): Found | undefined {
  const found = firstSet(deps.env, provider, 'API_KEY');
  if (found === undefined || found.tier !== TIERS.bare || fitsPattern(provider.key, found.value)) return found;
  deps.output.warn(`${found.name} is set, but does not look like a key of ${provider.name}; it is not used.`);
  return undefined;
}

/** A key goes only to an address of the same or a more specific tier, so that a stray `API_URL` cannot draw it elsewhere. Loopback is exempt. */
function refuseStrayAddress(key: Found, url: Found | undefined, target: Target): void {
  if (url === undefined || url.tier >= key.tier || key.tier === TIERS.bare || isLoopback(new URL(target.origin).hostname)) return;
  throw new Failure('refused', {
    detail: `${key.name} was not sent to the address in ${url.name}, which may be meant for something else.`,
    hint: `Set ${target.provider.envPrefix}_API_URL to say that this key belongs there, or unset ${url.name}.`,
  });
}

async function storedSource(target: Target, account: string | undefined, deps: ResolveDeps): Promise<CredentialSource> {
  if (account === undefined) {
    const here = (await deps.accounts.list()).filter((record) => record.origin === target.origin);
    const only = here.length === 1 ? here[0] : undefined;
    if (only !== undefined) return { kind: 'stored', address: { origin: only.origin, account: only.account }, record: only };
  }
  const address = { origin: target.origin, account: account ?? DEFAULT_ACCOUNT };
  return { kind: 'stored', address, record: await deps.accounts.find(address) };
}

/** An account's local name; it becomes part of a file name's hash and of a keychain entry, so it is kept plain. */
export function checkedAccount(account: string | undefined): string | undefined {
  if (account === undefined || /^[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}$/.test(account)) return account;
  throw new Failure('usage', {
    detail: 'An account name has 1 to 64 letters, digits or . _ @ + - and begins with a letter or digit.',
    hint: 'Such as --account work',
  });
}

/**
 * Decides which credential a command uses and where it goes. `--account` beats every variable; then the provider's own
 * variable, `KEYWRIGHT_API_KEY`, a fitting `API_KEY`, and last what is stored for the origin. With a variable no store is
 * opened and nothing is written. What is set aside or shadowed is said once on stderr.
 */
export async function resolve(choice: Choice, deps: ResolveDeps): Promise<Resolution> {
  const provider = await chooseProvider(choice.provider, deps);
  const { target, found: url } = chooseTarget(provider, deps.env);
  const account = checkedAccount(choice.account);
  if (account !== undefined) {
    const aside = firstSet(deps.env, provider, 'API_KEY');
    if (aside !== undefined && aside.tier !== TIERS.bare) deps.output.warn(`${aside.name} is set aside, since --account ${account} was given.`);
    return { target, source: await storedSource(target, account, deps) };
  }
  const key = keyVariable(provider, deps);
  if (key === undefined) return { target, source: await storedSource(target, undefined, deps) };
  refuseStrayAddress(key, url, target);
  const shadowed = (await deps.accounts.list()).find((record) => record.origin === target.origin);
  if (shadowed !== undefined) deps.output.warn(`${key.name} is used; the stored sign-in "${shadowed.account}" at ${target.origin} is not.`);
  return { target, source: { kind: 'variable', name: key.name, key: keyOf(key) } };
}
