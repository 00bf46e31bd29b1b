import type { Deps } from '../model/deps.ts';
import type { Env } from '../model/env.ts';
import { Failure } from '../model/failure.ts';
import { isLoopback } from '../model/loopback.ts';
import { Secret } from '../model/secret.ts';
import { strangerOfSecret } from '../providers/credential-kind.ts';
import type { Provider } from '../providers/provider.ts';
import { knownProviders, type ProviderDeps } from '../providers/registry.ts';
import { decideAddress } from './decision/address.ts';

/** Longest credential that is read; no provider's is near it. */
const MAX_BYTES = 8 * 1024;

/** What is asked for. */
export interface SecretWish {
  readonly question: string;
  /** As in "No key came in". */
  readonly thing: string;
  /** A command line that pipes it in. */
  readonly example: string;
}

/** Reads one credential from standard input, or asks a person for it without showing it; never from the command line, which others can see. */
export async function readBroughtSecret(
  { question, thing, example }: SecretWish,
  { prompt, interrupted }: Pick<Deps, 'prompt' | 'interrupted'>,
): Promise<Secret> {
  const piped = prompt.stdinIsTerminal ? '' : await prompt.readStdin(MAX_BYTES, interrupted);
  const text = (prompt.stdinIsTerminal && prompt.canAsk ? await prompt.hidden(question, interrupted) : piped).trim();
  if (text === '') throw new Failure('needs-answer', { detail: `No ${thing} came in on standard input.`, hint: `Pipe it in, such as: ${example}` });
  if (/^[\x21-\x7e]{8,8192}$/.test(text)) return new Secret(text);
  throw new Failure('usage', {
    detail: `What came in is not one ${thing}: it holds spaces, line ends or characters that no ${thing} has, or is too short.`,
    hint: `Give the ${thing} alone.`,
  });
}

/** A credential goes only to an address that was given for it: a stray `API_URL`, which anything may have set, cannot draw it elsewhere. Loopback is exempt. */
export function refuseStrayAddress(provider: Provider, env: Env, thing: string): void {
  const { outcome } = decideAddress(provider, env);
  if (outcome.kind === 'failed' || outcome.source.tier !== 'bare' || isLoopback(new URL(outcome.place.origin).hostname)) return;
  const { source, place } = outcome;
  throw new Failure('refused', {
    detail: `The ${thing} would go to ${place.origin}, which only ${source.name} names. Nothing was sent.`,
    hint: `Set ${provider.envPrefix}_API_URL to say that this ${thing} belongs there, or unset ${source.name}.`,
  });
}

/** A key that is surely another provider's is not shown to this one. */
export async function refuseStrangersKey(key: Secret, provider: Provider, deps: ProviderDeps): Promise<void> {
  const owner = strangerOfSecret(key, provider, await knownProviders(deps));
  if (owner === undefined) return;
  throw new Failure('refused', {
    detail: `What came in looks like a key of ${owner.name}; it was not sent to ${provider.name}, and nothing was stored.`,
    hint: `Sign in there: keywright login ${owner.id} --with-token`,
  });
}
