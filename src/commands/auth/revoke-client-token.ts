import { checkedClientTokenId, clientTokensOf, revokeClientToken as revoke } from '../../api/client-tokens.ts';
import { accessOf } from '../../flows/authority.ts';
import { confirmBinding } from '../../flows/binding-trust.ts';
import { resolve } from '../../flows/resolve.ts';
import { outcomeLines, reportVerdict } from '../../flows/clean-up/report.ts';
import { type Report, revokeMany } from '../../flows/clean-up/revoke-many.ts';
import { thenRetryRevocations } from '../../flows/revocations/retry.ts';
import type { Deps } from '../../model/deps.ts';
import { ACCESS } from '../../model/failure-sets.ts';
import { command, PROJECT_FLAG, type Invocation, type OptionsOf } from '../command.ts';

const flags = { project: PROJECT_FLAG } as const;

const args = [{ name: 'id', about: 'The ids of the client tokens, as create-client-token told them', required: true, many: true }] as const;

async function run({ options, args: words, choice }: Invocation<OptionsOf<typeof flags>, { readonly id: readonly string[] }>, deps: Deps): Promise<Report> {
  const ids = [...new Set(words.id.map(checkedClientTokenId))];
  const resolution = await resolve({ ...choice, project: options.project }, deps);
  clientTokensOf(resolution.target.provider);
  await confirmBinding(resolution.binding, 'revoke client tokens', deps);
  return revokeMany({ ids }, revoke, await accessOf(resolution, deps), deps);
}

/** `auth revoke-client-token`: ends client tokens before their time. One that is gone already is success. */
export const revokeClientToken = command({
  path: ['auth', 'revoke-client-token'],
  group: 'Keys',
  summary: 'Revoke client tokens by id',
  args,
  flags,
  examples: [
    ['keywright auth revoke-client-token ct_1', 'one client token'],
    ['keywright auth revoke-client-token ct_1 ct_2', 'several at once'],
  ],
  failures: { ...ACCESS, 'partly-done': 'Some could not be revoked' },
  run: (invocation, deps) => thenRetryRevocations(deps, () => run(invocation, deps)),
  text: outcomeLines,
  json: ({ outcomes }) => outcomes,
  verdict: (report) => reportVerdict(report, { things: 'client tokens', command: 'keywright auth revoke-client-token', again: null }),
});
