import { type Access, over } from '../../api/access.ts';
import { checkedKeyId, listKeys, revokeKey as revoke } from '../../api/keys.ts';
import { accessOf } from '../../flows/authority.ts';
import { confirmBinding } from '../../flows/binding-trust.ts';
import { resolve } from '../../flows/resolve.ts';
import { thenRetryRevocations } from '../../flows/revocations/retry.ts';
import type { RevokeOutcome } from '../../model/api-key.ts';
import type { Deps } from '../../model/deps.ts';
import { Failure, isFailure } from '../../model/failure.ts';
import { kindOf } from '../../providers/credential-kind.ts';
import { plainText } from '../../render/plain-text.ts';
import { command, type Invocation, type OptionsOf } from '../command.ts';

const flags = {
  self: { about: 'Allow revoking the very key that this command is signed in with' },
} as const;

const args = [{ name: 'id', about: 'The ids of the keys, as list-keys shows them', required: true, many: true }] as const;

/** Requests at a time; providers allow far more, and the last of many keys should not wait for the first. */
const AT_ONCE = 16;

/** Refuses to saw off the branch one sits on: the key in use is recognised by the prefix that the list tells. */
async function refuseOwnKey(ids: readonly string[], access: Access): Promise<void> {
  const { provider } = access.target;
  const credential = await access.authority.secret();
  if (provider.keys.list === null || kindOf(provider, credential.reveal()) !== provider.credentials[0]) return;
  const own = (await listKeys(access)).find((key) => ids.includes(key.id) && key.prefix !== null && credential.startsWith(key.prefix));
  if (own === undefined) return;
  throw new Failure('refused', {
    detail: `The key ${own.id} looks like the one that this command itself uses. Nothing was revoked.`,
    hint: 'Give --self to revoke it all the same.',
  });
}

async function revokeOne(id: string, access: Access): Promise<RevokeOutcome> {
  try {
    return await revoke(access, id);
  } catch (thrown) {
    // What is true for one key may be true for one key only; what ends the whole run is told as it is.
    if (!isFailure(thrown) || thrown.code === 'session-ended' || thrown.code === 'cancelled') throw thrown;
    return { id, kind: 'failed', why: thrown.detail };
  }
}

async function run(
  { options, args: words, choice }: Invocation<OptionsOf<typeof flags>, { readonly id: readonly string[] }>,
  deps: Deps,
): Promise<readonly RevokeOutcome[]> {
  const ids = [...new Set(words.id.map(checkedKeyId))];
  const resolution = await resolve(choice, deps);
  await confirmBinding(resolution.binding, 'revoke keys', deps);
  const access = await accessOf(resolution, deps);
  const [only] = ids;
  if (!options.self) await refuseOwnKey(ids, access);
  if (ids.length === 1 && only !== undefined) return [await revoke(access, only)];
  const bulk = over(await deps.bulkHttp(), access);
  const outcomes: RevokeOutcome[] = [];
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    outcomes.push(...(await Promise.all(ids.slice(at, at + AT_ONCE).map((id) => revokeOne(id, bulk)))));
  }
  return outcomes;
}

function line(outcome: RevokeOutcome): string {
  switch (outcome.kind) {
    case 'revoked':
      return `revoked ${outcome.id}\n`;
    case 'already-gone':
      return `already gone ${outcome.id}\n`;
    case 'failed':
      return `failed ${outcome.id}: ${plainText(outcome.why)}\n`;
  }
}

function verdict(outcomes: readonly RevokeOutcome[]): Failure | undefined {
  const failed = outcomes.filter((outcome) => outcome.kind === 'failed');
  if (failed.length === 0) return undefined;
  return new Failure('partly-done', {
    detail: `${failed.length} of ${outcomes.length} keys could not be revoked and may still work: ${failed.map((outcome) => outcome.id).join(', ')}.`,
    hint: `Run it again for these: keywright auth revoke-key ${failed.map((outcome) => outcome.id).join(' ')}`,
    data: { results: outcomes },
  });
}

/** `auth revoke-key`: revokes keys by id. A key that is gone already is success, so that a clean-up can run twice. */
export const revokeKey = command({
  path: ['auth', 'revoke-key'],
  group: 'Keys',
  summary: 'Revoke API keys by id',
  args,
  flags,
  examples: [
    ['keywright auth revoke-key key_1', 'one key'],
    ['keywright auth revoke-key key_1 key_2 key_3', 'several at once'],
  ],
  run: (invocation, deps) => thenRetryRevocations(deps, () => run(invocation, deps)),
  text: (outcomes) => outcomes.map(line).join(''),
  verdict,
});
