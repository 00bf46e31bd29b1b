import type { KeyRequest } from '../model/api-key.ts';
import { parseExpiry } from '../model/duration.ts';
import { Failure } from '../model/failure.ts';
import type { KeyTakes, Provider } from '../providers/provider.ts';
import { plainText } from '../render/plain-text.ts';

/** In the place of a time: the key shall not end. */
export const NEVER = 'never';

/** What a person asked a new key to be, as it was typed. */
export interface KeyWishes {
  readonly name: string | undefined;
  readonly scopes: readonly string[];
  readonly readOnly: boolean;
  readonly expires: string | undefined;
  readonly agent: string | undefined;
  readonly hubs: readonly string[];
  readonly trust: string | undefined;
}

function checkedName(name: string, what: string, longest: number): string {
  const trimmed = name.trim();
  const length = Array.from(trimmed).length;
  if (length >= 1 && length <= longest && !/\p{Cc}/u.test(trimmed)) return trimmed;
  throw new Failure('usage', {
    detail: `${what} has 1 to ${longest} characters and no line ends; this one has ${length}.`,
    hint: 'Such as: keywright auth create-key ci-deploy',
  });
}

function checkedScope(scope: string): string {
  // RFC 6749 section 3.3 lists the characters that a scope may have.
  if (/^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/.test(scope)) return scope;
  throw new Failure('usage', { detail: 'A scope is one word.', hint: 'Give --scope several times for several scopes.' });
}

function checkedHub(hub: string): string {
  if (/^[A-Za-z0-9._~@:+=-]{1,200}$/.test(hub)) return hub;
  throw new Failure('usage', { detail: `"${plainText(hub, 60)}" cannot be the id of a hub.`, hint: 'Take the id from: keywright whoami --json' });
}

function refuse(detail: string, hint: string): never {
  throw new Failure('usage', { detail, hint });
}

function scopesOf(wishes: KeyWishes, takes: KeyTakes, name: string): readonly string[] {
  if (wishes.readOnly && wishes.scopes.length > 0) refuse('--read-only and --scope exclude each other.', 'Give one of them.');
  if (wishes.readOnly) return takes.readOnly ?? refuse(`Keys of ${name} cannot be confined to reading.`, 'Leave --read-only out.');
  if (wishes.scopes.length > 0 && takes.scopes === null) refuse(`Keys of ${name} have no scopes: each may do all that its owner may.`, 'Leave --scope out.');
  return wishes.scopes.map(checkedScope);
}

/** What a provider would refuse only after it was asked. */
function demandScope({ scopes }: Pick<KeyRequest, 'scopes'>, takes: KeyTakes, name: string): void {
  if (scopes.length > 0 || takes.scope === 'optional') return;
  const known = (takes.scopes ?? []).map(({ scope }) => `--scope ${scope}`).join(', ');
  throw new Failure('needs-answer', {
    detail: `A key of ${name} needs at least one scope.`,
    hint: `Give it, once or several times: ${known === '' ? '--scope <scope>' : known}`,
  });
}

function trustOf(trust: string | undefined, takes: KeyTakes, name: string): string | null {
  if (trust === undefined) return null;
  if (takes.trust === null) return refuse(`Keys of ${name} have no trust level.`, 'Leave --trust out.');
  if (!takes.trust.includes(trust)) return refuse(`There is no trust level "${plainText(trust, 60)}".`, `The levels are: ${takes.trust.join(', ')}.`);
  return trust;
}

/**
 * Checks what is asked of a new key against what the provider's keys can be, before any request. What the provider has no word
 * for is `usage`, and so is anything malformed; a scope that must be said and is not is `needs-answer`; `now` is Unix milliseconds. Undefined takes mean that nothing can be made here,
 * which the request itself will say.
 */
export function checkedKeyRequest(wishes: KeyWishes, provider: Provider, now: number): KeyRequest {
  const takes = provider.keys.create?.takes;
  const { name } = provider;
  if (takes === undefined) return { name: null, scopes: [], agent: null, hubs: [], trust: null, expiresAt: null };
  if (wishes.name === undefined && takes.name === 'required') refuse(`A key of ${name} needs a name.`, 'Such as: keywright auth create-key ci-deploy');
  if (wishes.expires !== undefined && wishes.expires !== NEVER && takes.expiry === 'none') {
    refuse(`Keys of ${name} do not expire.`, 'Leave --expires out, and rotate or revoke the key in time.');
  }
  if (wishes.agent !== undefined && takes.agent === 'no')
    refuse(`Keys of ${name} are not marked with an agent.`, 'Leave --agent out, and put it into the name.');
  if (wishes.hubs.length > 0 && takes.hubs === 'no') refuse(`Keys of ${name} are not confined to hubs.`, 'Leave --hub out.');
  const request: KeyRequest = {
    name: wishes.name === undefined ? null : checkedName(wishes.name, 'The name of a key', takes.longestName),
    scopes: scopesOf(wishes, takes, name),
    agent: wishes.agent === undefined ? null : checkedName(wishes.agent, 'The name of an agent', takes.longestName),
    hubs: [...new Set(wishes.hubs.map(checkedHub))],
    trust: trustOf(wishes.trust, takes, name),
    expiresAt: wishes.expires === undefined || wishes.expires === NEVER ? null : parseExpiry(wishes.expires, '--expires', now),
  };
  demandScope(request, takes, name);
  return request;
}
