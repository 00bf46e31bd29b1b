import type { StoredPlace } from '../flows/stored.ts';
import { confirmBinding } from '../flows/binding-trust.ts';
import { resolveStored } from '../flows/resolve.ts';
import { warnOfStranded } from '../flows/rotate/left-over.ts';
import { type SignedOut, signOut, type TokenOutcome } from '../flows/sign-out.ts';
import { signedOut } from '../flows/stored.ts';
import { thenRetryRevocations, tidyLeftovers } from '../flows/revocations/retry.ts';
import { type AccountRecord, DEFAULT_ACCOUNT } from '../model/credentials.ts';
import type { Deps } from '../model/deps.ts';
import { Failure, isFailure } from '../model/failure.ts';
import { CREDENTIAL } from '../model/failure-sets.ts';
import { providerById } from '../providers/registry.ts';
import { plainText } from '../render/plain-text.ts';
import { PROVIDER_IDS } from '../providers/known-words.ts';
import { command, type Invocation, type OptionsOf } from './command.ts';

const flags = {
  all: { about: 'Sign out of every account of every provider' },
  localOnly: { about: 'Only forget here; do not ask the provider to revoke' },
} as const;

const args = [{ name: 'provider', about: 'Which provider to sign out of', required: false, choices: PROVIDER_IDS, completes: 'providers' }] as const;

type LogoutInvocation = Invocation<OptionsOf<typeof flags>, { readonly provider: string | undefined }>;

async function placeOf(record: AccountRecord, deps: Deps): Promise<StoredPlace> {
  const { provider, origin, account } = record;
  return { target: { provider: await providerById(provider, deps), origin, baseUrl: origin, project: null }, address: { origin, account }, record };
}

/** One account that cannot be signed out must not leave the others signed in unasked; that of a provider that is not known here is such a one. */
async function runAll(revoke: 'revoke' | 'local-only', deps: Deps): Promise<readonly SignedOut[]> {
  const done: SignedOut[] = [];
  for (const record of await deps.accounts.list()) {
    try {
      done.push(await signOut(await placeOf(record, deps), revoke, deps));
    } catch (thrown) {
      if (!isFailure(thrown) || thrown.code === 'cancelled') throw thrown;
      const { provider, account, origin } = record;
      done.push({ provider, account, origin, tokens: [], local: 'kept', why: thrown.detail });
    }
  }
  return done;
}

async function place(invocation: LogoutInvocation, deps: Deps): Promise<StoredPlace> {
  const resolution = await resolveStored({ ...invocation.choice, provider: invocation.args.provider ?? invocation.choice.provider }, deps);
  await confirmBinding(resolution.binding, 'sign out', deps);
  const { target, source } = resolution;
  return { target, address: source.address, record: source.record };
}

/** Rotations that were begun with a sign-in which has gone. */
async function tellStranded(results: readonly SignedOut[], deps: Deps): Promise<void> {
  const gone = results.filter(({ local }) => local === 'forgotten');
  await warnOfStranded(({ origin, account }) => gone.some((result) => result.origin === origin && result.account === account), 'sign in again', deps);
}

async function run(invocation: LogoutInvocation, deps: Deps): Promise<readonly SignedOut[]> {
  const revoke = invocation.options.localOnly ? 'local-only' : 'revoke';
  if (invocation.options.all) return runAll(revoke, deps);
  const here = await place(invocation, deps);
  const result = await signOut(here, revoke, deps);
  if (result.local === 'nothing-stored' && here.record === undefined) throw signedOut(here.target, here.address.account, result.why ?? undefined);
  return [result];
}

const NAMES: Readonly<Record<TokenOutcome['token'], string>> = { refresh_token: 'the refresh token', access_token: 'the access token', key: 'the key' };

function tokenLine({ token, outcome, why }: TokenOutcome): string {
  const name = NAMES[token];
  switch (outcome) {
    case 'revoked':
      return `  ${name} was revoked at the provider\n`;
    case 'not-offered':
      return `  ${name} could not be revoked: the provider offers no revocation for it, so it stays valid until it expires\n`;
    case 'left-alone':
      return `  ${name} itself still works; revoke it with "auth revoke-key" or in the dashboard\n`;
    case 'queued':
      return `  ${name} could not be revoked yet: ${why ?? 'no reason is known'}\n`;
    case 'expired':
      return `  ${name} could not be revoked, and has expired by itself\n`;
    case 'failed':
      return `  ${name} could not be revoked: ${why ?? 'no reason is known'}\n`;
  }
}

const RETRIED = 'It is tried again by the next login, logout, "auth status" or "auth revoke-key", for at most 30 days.';
const STAYS_VALID = 'What is not tried again stays valid there until it expires. Revoke it in the dashboard if that matters.';

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;

function verdict(results: readonly SignedOut[]): Failure | undefined {
  const outcomes = results.flatMap((result) => result.tokens.map((token) => token.outcome));
  const queued = outcomes.filter((outcome) => outcome === 'queued').length;
  const tokens = queued + outcomes.filter((outcome) => outcome === 'failed').length;
  const kept = results.filter((result) => result.local === 'kept').length;
  if (kept > 0) {
    return new Failure('partly-done', {
      detail: `${count(kept, 'account')} of ${results.length} could not be signed out${tokens === 0 ? '' : `, and ${count(tokens, 'token')} could not be revoked at the provider`}.`,
      hint: 'Put right what stood in the way and try again, or only forget here: keywright logout --all --local-only',
      data: { results },
    });
  }
  if (tokens === 0) return undefined;
  return new Failure('partly-done', {
    detail: `Everything was forgotten here, but ${count(tokens, 'token')} could not be revoked at the provider.`,
    hint: queued === tokens ? RETRIED : `${queued === 0 ? '' : `${RETRIED} `}${STAYS_VALID}`,
    data: { results },
  });
}

function resultText(result: SignedOut): string {
  const whose = `${result.provider}${result.account === DEFAULT_ACCOUNT ? '' : ` (account ${result.account})`}`;
  if (result.local === 'kept') return `Not signed out of ${whose} at ${result.origin}: ${plainText(result.why ?? '', 600)}\n`;
  const here = result.local === 'forgotten' ? 'the credential is forgotten here' : 'nothing was stored here';
  return `Signed out of ${whose}; ${here}.\n${result.tokens.map(tokenLine).join('')}`;
}

/** `logout`: revokes at the provider, then forgets here, and says which half worked. */
export const logout = command({
  path: ['logout'],
  group: 'Sign in',
  summary: 'Revoke the session at the provider and forget it here',
  args,
  flags,
  examples: [
    ['keywright logout memax', 'revoke, then forget'],
    ['keywright logout --all', 'the same for everything that is stored'],
  ],
  failures: {
    ...CREDENTIAL,
    'partly-done': 'Forgotten here but not revoked at the provider, or not all of several',
  },
  run: async (invocation, deps) => {
    // The sign-in that made them is about to go.
    await tidyLeftovers(deps);
    return thenRetryRevocations(deps, async () => {
      const results = await run(invocation, deps);
      await tellStranded(results, deps);
      return results;
    });
  },
  text: (results) => (results.length === 0 ? 'There was nothing to sign out of.\n' : results.map(resultText).join('')),
  verdict,
});
