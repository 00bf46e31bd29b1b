import type { Target } from '../api/target.ts';
import type { AccountRecord } from '../model/credentials.ts';
import type { Deps } from '../model/deps.ts';
import type { Env } from '../model/env.ts';
import { Failure } from '../model/failure.ts';
import { isAccountName } from '../model/names.ts';
import type { Provider } from '../providers/provider.ts';
import { providerAmong, providerById } from '../providers/registry.ts';
import { announcement } from './binding-trust.ts';
import { decideAddress } from './decision/address.ts';
import type { CredentialSource, StoredSource } from './decision/credential.ts';
import { type BindingEffect, decide, type Decision, nobodySignedIn } from './decision/decide.ts';
import { gatherFacts } from './decision/facts.ts';
import { decideProvider } from './decision/provider.ts';

/** What the person chose on the command line. */
export interface Choice {
  readonly provider: string | undefined;
  readonly account: string | undefined;
  /** Of a command that can be told a project. */
  readonly project?: string | undefined;
}

export interface Resolution {
  readonly target: Target;
  readonly source: CredentialSource;
  /** The sign-in that the variable in use hides. */
  readonly shadowed: AccountRecord | undefined;
  readonly binding: BindingEffect;
}

type ResolveDeps = Pick<Deps, 'env' | 'accounts' | 'settings' | 'binding' | 'definitions' | 'output'>;

/** The provider that a command is about; the order stands at `decideProvider`. `needs-answer` where it is not clear. */
export async function chooseProvider(named: string | undefined, deps: ResolveDeps): Promise<Provider> {
  if (named !== undefined) return providerById(named, deps);
  const { outcome, warnings } = decideProvider(undefined, await gatherFacts(deps));
  for (const line of warnings) deps.output.warn(line);
  if (outcome.kind === 'failed') throw outcome.failure;
  return outcome.provider;
}

/** Where requests go; the order stands at `decideAddress`. `project` is the one that is named already. */
export function chooseTarget(provider: Provider, env: Env, project: string | null = null): { readonly target: Target } {
  const { outcome } = decideAddress(provider, env);
  if (outcome.kind === 'failed') throw outcome.failure;
  return { target: { ...outcome.place, provider, project } };
}

/** An account's local name, in the form that it must have. */
export function checkedAccount(account: string | undefined): string | undefined {
  if (account === undefined || isAccountName(account)) return account;
  throw new Failure('usage', {
    detail: 'An account name has 1 to 64 letters, digits or . _ @ + - and begins with a letter or digit.',
    hint: 'Such as --account work',
  });
}

/** Weighs everything that could answer, and says nothing yet; `settle` makes a resolution of it. */
export async function consider(choice: Choice, deps: ResolveDeps): Promise<Decision> {
  const facts = await gatherFacts(deps);
  const provider = choice.provider === undefined ? undefined : providerAmong(choice.provider, facts.providers);
  return decide({ provider, account: checkedAccount(choice.account), project: choice.project }, facts);
}

/** Says once on stderr what a decision sets aside, shadows or was led to by a directory, and gives what it decided or throws its failure. */
export function settle(decision: Decision, deps: Pick<Deps, 'output'>): Resolution {
  for (const line of decision.warnings) deps.output.warn(line);
  if (decision.outcome.kind === 'failed') throw decision.outcome.failure;
  const { target, source, shadowed, binding } = decision.outcome;
  const announced = announcement(binding);
  if (announced !== undefined) deps.output.warn(announced);
  return { target, source, shadowed, binding };
}

/**
 * Decides which credential a command uses and where it goes; the order stands at `decideProvider`, `decideAddress` and
 * `decideCredential`. No store is opened and nothing is written. What is set aside or shadowed is said once on stderr.
 */
export async function resolve(choice: Choice, deps: ResolveDeps): Promise<Resolution> {
  return settle(await consider(choice, deps), deps);
}

/**
 * As `resolve`, but looks at stored accounts only, whatever key variables are set: for what ends or lists a sign-in.
 */
export async function resolveStored(choice: Choice, deps: ResolveDeps): Promise<Resolution & { readonly source: StoredSource }> {
  const facts = await gatherFacts(deps);
  const nobody = choice.provider === undefined ? nobodySignedIn(facts) : undefined;
  if (nobody !== undefined) throw nobody;
  const named = { provider: await chooseProvider(choice.provider, deps), account: checkedAccount(choice.account), project: choice.project };
  const withoutKeys = Object.fromEntries(Object.entries(deps.env).filter(([name]) => !name.endsWith('API_KEY')));
  const resolution = settle(decide(named, { ...facts, env: withoutKeys }), deps);
  const { source } = resolution;
  if (source.kind === 'stored') return { ...resolution, source };
  throw new Failure('bug', { detail: 'A variable was chosen although none was looked at.' });
}
