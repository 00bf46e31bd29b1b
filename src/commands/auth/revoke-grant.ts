import { accessToGrant } from '../../flows/grants/access.ts';
import { checkedPart } from '../../flows/grants/create.ts';
import { revokeAgent, revokeGrant as revokeOne, type RevokedGrant } from '../../flows/grants/revoke.ts';
import { thenRetryRevocations } from '../../flows/revocations/retry.ts';
import { resolve } from '../../flows/resolve.ts';
import type { Deps } from '../../model/deps.ts';
import { Failure } from '../../model/failure.ts';
import { ACCESS, REST_IN_HINT } from '../../model/failure-sets.ts';
import type { GrantRecord } from '../../model/grant.ts';
import { plainText } from '../../render/plain-text.ts';
import { relativeTime } from '../../render/time.ts';
import { command, type Invocation, type OptionsOf } from '../command.ts';

const flags = {
  agent: { takes: 'name', completes: 'agents', about: "Revoke all of this agent's grants, and every key that the provider knows to be its" },
  yes: { about: 'With --agent: do not ask' },
} as const;

const args = [{ name: 'id', about: 'The ids of the grants, as list-grants shows them', required: false, many: true, completes: 'grants' }] as const;

type RevokeInvocation = Invocation<OptionsOf<typeof flags>, { readonly id: readonly string[] }>;

async function named(ids: readonly string[], deps: Deps): Promise<readonly GrantRecord[]> {
  const found = await Promise.all([...new Set(ids)].map(async (id) => ({ id, record: await deps.grants.find(id) })));
  const missing = found.filter(({ record }) => record === undefined).map(({ id }) => plainText(id, 40));
  if (missing.length > 0) {
    throw new Failure('not-found', {
      detail: `There is no grant ${missing.join(', ')} on this machine. Nothing was revoked.`,
      hint: 'See: keywright auth list-grants',
    });
  }
  return found.flatMap(({ record }) => (record === undefined ? [] : [record]));
}

/** Grants that are named before somebody is asked; nobody reads more. */
const SHOWN = 10;

/** Shows a person what the agent loses. Where nobody can be asked nothing stops it: it is the way out when an agent has run wild. */
async function confirmAgent(agent: string, records: readonly GrantRecord[], yes: boolean, deps: Deps): Promise<void> {
  if (yes || !deps.prompt.canAsk) return;
  const { must } = deps.output;
  must(
    `To be revoked: ${records.length === 1 ? 'the grant' : `the ${records.length} grants`} of ${plainText(agent)} on this machine, and every key that a provider knows to be its`,
  );
  const now = deps.clock.now();
  for (const { id, keyName, keyId, provider, lastUsedAt } of records.slice(0, SHOWN))
    must(`  ${id}  ${plainText(keyName)} (key ${keyId}) at ${provider}, last used ${lastUsedAt === null ? 'never' : relativeTime(lastUsedAt, now)}`);
  if (records.length > SHOWN) must(`  and ${records.length - SHOWN} more`);
  if (await deps.prompt.confirm(`Do you want to revoke all that ${plainText(agent)} has?`, deps.interrupted)) return;
  throw new Failure('cancelled', { detail: 'You did not want to revoke them. Nothing was revoked.' });
}

async function run(invocation: RevokeInvocation, deps: Deps): Promise<readonly RevokedGrant[]> {
  const { options, args: words, choice } = invocation;
  if ((options.agent === undefined) === (words.id.length === 0)) {
    throw new Failure('usage', { detail: 'Either ids of grants or --agent say what is revoked.', hint: 'See: keywright auth list-grants' });
  }
  if (options.agent === undefined) {
    const outcomes: RevokedGrant[] = [];
    for (const record of await named(words.id, deps)) outcomes.push(await revokeOne(record, await accessToGrant(record, choice.account, deps), deps));
    return outcomes;
  }
  const agent = checkedPart(options.agent, 'The name of an agent');
  const records = (await deps.grants.list()).filter((record) => record.agent === agent && (choice.provider ?? record.provider) === record.provider);
  const placeOf = ({ provider, origin, account = null }: Pick<GrantRecord, 'provider' | 'origin' | 'account'>): string =>
    JSON.stringify([provider, origin, account]);
  const places = new Map<string, Pick<GrantRecord, 'provider' | 'origin' | 'account'>>(records.map((record) => [placeOf(record), record]));
  if (places.size === 0) {
    const resolution = await resolve(choice, deps);
    places.set('', { provider: resolution.target.provider.id, origin: resolution.target.origin });
  }
  await confirmAgent(agent, records, options.yes, deps);
  const outcomes: RevokedGrant[] = [];
  for (const [name, place] of places) {
    const own = records.filter((record) => placeOf(record) === name);
    outcomes.push(...(await revokeAgent(agent, own, records, await accessToGrant(place, choice.account, deps), deps)));
  }
  return outcomes;
}

const SERVER_WORDS: Readonly<Record<RevokedGrant['server'], string>> = { revoked: 'revoked', 'already-gone': 'already gone', failed: 'failed' };

function line({ id, agent, device, keyId, server, why }: RevokedGrant): string {
  const whose = id === null ? `the key ${keyId} of ${plainText(agent)}` : `${id} (${plainText(agent)} on ${plainText(device ?? '')}, key ${keyId})`;
  return `${SERVER_WORDS[server]} ${whose}${why === null ? '' : `: ${plainText(why)}`}\n`;
}

function verdict(outcomes: readonly RevokedGrant[]): Failure | undefined {
  const failed = outcomes.filter(({ server, local }) => server === 'failed' || local === 'kept');
  if (failed.length === 0) return undefined;
  return new Failure('partly-done', {
    detail: `${failed.length} of ${outcomes.length} grants could not be revoked and forgotten: ${failed.map(({ id, keyId }) => id ?? keyId).join(', ')}.`,
    hint: 'Run the same command again.',
    data: { results: outcomes },
  });
}

/** `auth revoke-grant`: ends grants at the provider first, then here. `--agent` is the kill switch for everything an agent has. */
export const revokeGrant = command({
  path: ['auth', 'revoke-grant'],
  group: 'Agents',
  summary: 'Revoke grants, or everything that an agent has',
  args,
  flags,
  examples: [
    ['keywright auth revoke-grant Zk3mQx81TfPa', 'one grant'],
    ['keywright auth revoke-grant --agent claude-code', 'all that this agent has, also from other machines where the provider knows agents'],
  ],
  failures: {
    ...ACCESS,
    'needs-answer': 'It must be confirmed (--yes), or it cannot be told which provider is meant',
    'not-found': 'There is no such grant on this machine',
    'partly-done': REST_IN_HINT,
  },
  run: (invocation, deps) => thenRetryRevocations(deps, () => run(invocation, deps)),
  text: (outcomes) => outcomes.map(line).join(''),
  notes: (outcomes) => {
    const wired = [...new Set(outcomes.flatMap((outcome) => outcome.wired))];
    return [
      ...(outcomes.length === 0 ? ['There was nothing to revoke.'] : []),
      ...(wired.length === 0 ? [] : [`These files still name a grant that has ended: ${wired.map((path) => plainText(path, 400)).join(', ')}`]),
    ];
  },
  verdict,
});
