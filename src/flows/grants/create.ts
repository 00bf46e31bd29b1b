import type { Access } from '../../api/access.ts';
import { createKey, revokeKey } from '../../api/keys.ts';
import type { CreatedKey, KeyRequest } from '../../model/api-key.ts';
import type { Deps } from '../../model/deps.ts';
import { Failure, failedWith } from '../../model/failure.ts';
import { grantAccount, type GrantRecord } from '../../model/grant.ts';
import { rfc3339 } from '../../render/time.ts';
import { newTag, taggedName } from '../rotate/successor.ts';
import { guardKey } from '../run/guard.ts';

export type GrantDeps = Pick<Deps, 'grants' | 'store' | 'clock' | 'random' | 'output' | 'lock' | 'ephemerals'>;

/** What was asked for, already checked. */
export interface GrantWish {
  readonly agent: string;
  readonly device: string;
  readonly scopes: readonly string[];
  /** Unix milliseconds; null where keys of the provider do not end. */
  readonly expiresAt: number | null;
  readonly renew: GrantRecord['renew'];
  readonly store: GrantRecord['store'];
  /** The stored account whose credential makes it; null for a variable. */
  readonly account?: string | null;
  /** The beginning and end of the key in the variable whose credential makes it; null for a stored account. */
  readonly preview?: string | null;
  /** Where it will stand in clients' files; known from its first moment, so that a kill before the file is written leaves a grant that is known. */
  readonly wired?: GrantRecord['wired'];
}

/** Letters and digits only: the id stands in clients' files and on command lines. */
const ID_LENGTH = 12;

/** Random bytes of a note's id. */
const ID_BYTES = 12;

/** Failures after which the key may have been made all the same. */
const MAYBE_MADE = ['timed-out', 'unreachable', 'unexpected-answer'] as const;

function newId(random: GrantDeps['random']): string {
  const id = random.token(24).replace(/[-_]/g, '').slice(0, ID_LENGTH);
  return id.length === ID_LENGTH ? id : newId(random);
}

/** Names of agents and devices stand in a key's name, around an at sign. */
export function checkedPart(text: string, what: string): string {
  const trimmed = text.trim();
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/.test(trimmed)) return trimmed;
  throw new Failure('usage', {
    detail: `${what} has 1 to 40 letters, digits or . _ - and begins with a letter or digit.`,
    hint: 'Such as: --agent claude-code --device laptop',
  });
}

/** A host's name as a device's: what it may not have is left out. */
export function deviceOf(hostname: string): string {
  return (
    hostname
      .replace(/[^A-Za-z0-9._-]+/g, '-')
      .replace(/^[^A-Za-z0-9]+/, '')
      .slice(0, 40) || 'device'
  );
}

/**
 * Makes a grant: a key of its own with narrow scopes and an end, named after the agent and the device. The store is tried before the key is
 * made; where the key cannot be kept, it is revoked again. Before the request a note says what may be made: of a kill before the grant's own
 * record stands, a later command finds the key by its name and revokes it.
 */
export async function createGrant(wish: GrantWish, access: Access, deps: GrantDeps): Promise<GrantRecord> {
  const { provider, origin, baseUrl } = access.target;
  const takes = provider.keys.create?.takes;
  const store = await deps.store(wish.store);
  await store.probe();
  const now = deps.clock.now();
  const id = newId(deps.random);
  const request: KeyRequest = {
    name: taggedName(`${wish.agent}@${wish.device}`, newTag(deps.random), takes?.longestName ?? 100),
    scopes: wish.scopes,
    agent: takes?.agent === 'yes' ? wish.agent : null,
    hubs: [],
    trust: null,
    expiresAt: wish.expiresAt,
  };
  const guard = await guardKey(
    {
      id: deps.random.token(ID_BYTES),
      name: request.name ?? '',
      keyId: null,
      provider: provider.id,
      baseUrl,
      project: access.target.project,
      account: wish.account ?? null,
      preview: wish.preview ?? null,
      begunAt: now,
      endsAt: wish.expiresAt,
    },
    deps,
  );
  let key: CreatedKey;
  try {
    key = await createKey(access, request, now);
  } catch (thrown) {
    await guard.end(failedWith(thrown, ...MAYBE_MADE) ? 'left' : 'done');
    throw thrown;
  }
  const record: GrantRecord = {
    id,
    agent: wish.agent,
    device: wish.device,
    provider: provider.id,
    origin,
    ...(wish.account === undefined ? {} : { account: wish.account }),
    mcpUrl: provider.mcp === null ? null : `${baseUrl}${provider.mcp.path}`,
    scopes: key.scopes,
    keyId: key.id,
    keyName: key.name ?? request.name ?? '',
    store: wish.store,
    agentKnownTo: takes?.agent === 'yes' ? 'server' : 'us',
    renew: wish.renew,
    expiresAt: key.expiresAt,
    createdAt: rfc3339(now),
    lastUsedAt: null,
    wired: wish.wired ?? [],
  };
  let isNoted = true;
  try {
    // The record first: an entry that no record names would lie in the store unseen.
    await deps.grants.write(record);
    // From here on the grant's record leads to the key. The note goes before the key works here, so that no later command revokes one that does.
    await guard.end('done');
    isNoted = false;
    await store.write({ origin, account: grantAccount(id) }, { kind: 'key', key: key.key, obtainedAt: now });
  } catch (thrown) {
    await deps.grants.delete(id).catch(() => deps.output.debug('the record of a grant that was not made stays behind'));
    const undone = await revokeKey(access, key.id).catch(() => undefined);
    if (isNoted) await guard.end(undone === undefined || undone.kind === 'failed' ? 'left' : 'done');
    if (undone === undefined || undone.kind === 'failed') {
      throw new Failure('partly-done', {
        detail: `The key ${key.id} of the grant could not be kept, nor revoked again.`,
        hint: `Revoke it: keywright auth revoke-key ${key.id} --provider ${provider.id}`,
        cause: thrown,
      });
    }
    throw thrown;
  }
  return record;
}
