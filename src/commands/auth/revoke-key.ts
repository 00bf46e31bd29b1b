import type { Access } from '../../api/access.ts';
import { checkedKeyId, listKeys, revokeKey as revoke } from '../../api/keys.ts';
import { accessOf } from '../../flows/authority.ts';
import { confirmBinding } from '../../flows/binding-trust.ts';
import { resolve } from '../../flows/resolve.ts';
import { outcomeLines, outcomesVerdict, revokeMany } from '../../flows/revoke-many.ts';
import { thenRetryRevocations } from '../../flows/revocations/retry.ts';
import type { RevokeOutcome } from '../../model/api-key.ts';
import type { Deps } from '../../model/deps.ts';
import { Failure } from '../../model/failure.ts';
import { kindOfSecret } from '../../providers/credential-kind.ts';
import { command, type Invocation, type OptionsOf } from '../command.ts';

const flags = {
  self: { about: 'Allow revoking the very key that this command is signed in with' },
} as const;

const args = [{ name: 'id', about: 'The ids of the keys, as list-keys shows them', required: true, many: true }] as const;

/** Refuses to saw off the branch one sits on: the key in use is recognised by the prefix that the list tells. */
async function refuseOwnKey(ids: readonly string[], access: Access): Promise<void> {
  const { provider } = access.target;
  const credential = await access.authority.secret();
  if (provider.keys.list === null || kindOfSecret(provider, credential) !== provider.credentials[0]) return;
  const own = (await listKeys(access)).find((key) => ids.includes(key.id) && key.prefix !== null && credential.startsWith(key.prefix));
  if (own === undefined) return;
  throw new Failure('refused', {
    detail: `The key ${own.id} looks like the one that this command itself uses. Nothing was revoked.`,
    hint: 'Give --self to revoke it all the same.',
  });
}

async function run(
  { options, args: words, choice }: Invocation<OptionsOf<typeof flags>, { readonly id: readonly string[] }>,
  deps: Deps,
): Promise<readonly RevokeOutcome[]> {
  const ids = [...new Set(words.id.map(checkedKeyId))];
  const resolution = await resolve(choice, deps);
  await confirmBinding(resolution.binding, 'revoke keys', deps);
  const access = await accessOf(resolution, deps);
  if (!options.self) await refuseOwnKey(ids, access);
  return revokeMany(ids, revoke, access, deps);
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
  text: outcomeLines,
  verdict: (outcomes) => outcomesVerdict(outcomes, 'keys', 'keywright auth revoke-key'),
});
