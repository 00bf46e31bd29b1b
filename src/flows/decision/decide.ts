import type { Target } from '../../api/target.ts';
import type { AccountRecord } from '../../model/credentials.ts';
import type { Binding } from '../../model/binding.ts';
import { Failure } from '../../model/failure.ts';
import type { Provider } from '../../providers/provider.ts';
import { type AddressDecision, decideAddress } from './address.ts';
import { type CredentialDecision, type CredentialSource, decideCredential } from './credential.ts';
import type { Facts } from './facts.ts';
import { decideProject } from './project.ts';
import { bringsKey, decideProvider, type ProviderDecision } from './provider.ts';

/** What the person chose on the command line, already checked. */
export interface Named {
  readonly provider: Provider | undefined;
  readonly account: string | undefined;
  /** Of a command that can be told a project. */
  readonly project?: string | undefined;
}

/**
 * What a directory binding did to a decision. `none`: there is none, or without it the same credential would be used.
 * Otherwise it led elsewhere than the person's own choice does, and either the person vouched for the file or not.
 * `insteadOf` is null where the person chose nothing that would do without the binding.
 */
export type BindingEffect =
  | { readonly kind: 'none' }
  | { readonly kind: 'trusted'; readonly binding: Binding }
  | { readonly kind: 'untrusted'; readonly binding: Binding; readonly leadsTo: string; readonly insteadOf: string | null };

/** Which credential is used, and where it goes. */
export interface Decided {
  readonly kind: 'decided';
  readonly target: Target;
  readonly source: CredentialSource;
  readonly shadowed: AccountRecord | undefined;
  readonly binding: BindingEffect;
}

/** A decision with all that was weighed for it. What it decided and what it tells of it are one thing. */
export interface Decision {
  readonly provider: ProviderDecision['candidates'];
  /** Empty where the provider is not clear. */
  readonly address: AddressDecision['candidates'];
  /** Empty where the provider is not clear or its address may not be used. */
  readonly credential: CredentialDecision['candidates'];
  readonly outcome: Decided | { readonly kind: 'failed'; readonly failure: Failure };
  readonly warnings: readonly string[];
}

const nobody = (detail: string): Failure => new Failure('signed-out', { detail, hint: 'Run: keywright login' });

/** The failure of what looks at stored accounts only, where there is none at all. */
export function nobodySignedIn({ records }: Pick<Facts, 'records'>): Failure | undefined {
  return records.length > 0 ? undefined : nobody('Nobody is signed in to any provider.');
}

/** Who is signed in nowhere and brings no key has no provider to choose from either. Keys that several providers could be meant by do count. */
function nobodyAnywhere(facts: Facts): Failure | undefined {
  if (facts.records.length > 0 || bringsKey(facts)) return undefined;
  return nobody('Nobody is signed in to any provider, and no variable holds a key of one.');
}

/** Decides which provider is meant, where its requests go and which credential they carry. A function of its arguments alone. */
export function decide(named: Named, facts: Facts): Decision {
  const provider = decideProvider(named.provider, facts);
  const base = { provider: provider.candidates, address: [], credential: [], warnings: provider.warnings };
  if (provider.outcome.kind === 'failed') return { ...base, outcome: { kind: 'failed', failure: nobodyAnywhere(facts) ?? provider.outcome.failure } };
  const address = decideAddress(provider.outcome.provider, facts.env);
  if (address.outcome.kind === 'failed') return { ...base, address: address.candidates, outcome: address.outcome };
  const project = decideProject(provider.outcome.provider, named.project, facts);
  if (project.kind === 'failed') return { ...base, address: address.candidates, outcome: project };
  const target: Target = { provider: provider.outcome.provider, ...address.outcome.place, project: project.project };
  const credential = decideCredential(target, address.outcome.source, named.account, facts);
  const all = { ...base, address: address.candidates, credential: credential.candidates, warnings: [...provider.warnings, ...credential.warnings] };
  if (credential.outcome.kind === 'failed') return { ...all, outcome: credential.outcome };
  const { source } = credential.outcome;
  return { ...all, outcome: { kind: 'decided', target, source, shadowed: credential.shadowed, binding: effectOf(named, facts, target, source) } };
}

/** Provider and account, or provider and variable, in words; two decisions with the same words use the same credential. */
function inWords(target: Target, source: CredentialSource): string {
  const where = target.project === null ? target.provider.id : `${target.provider.id} (project ${target.project})`;
  return source.kind === 'variable' ? `${source.name} at ${where}` : `the account "${source.address.account}" at ${where}`;
}

/** Decides again as if there were no binding, to see what it changes. */
function effectOf(named: Named, facts: Facts, target: Target, source: CredentialSource): BindingEffect {
  const { binding } = facts;
  if (binding === undefined) return { kind: 'none' };
  const without = decide(named, { ...facts, binding: undefined }).outcome;
  const insteadOf = without.kind === 'decided' ? inWords(without.target, without.source) : null;
  const leadsTo = inWords(target, source);
  if (insteadOf === leadsTo) return { kind: 'none' };
  return facts.defaults.trusted.get(binding.path) === binding.hash ? { kind: 'trusted', binding } : { kind: 'untrusted', binding, leadsTo, insteadOf };
}
