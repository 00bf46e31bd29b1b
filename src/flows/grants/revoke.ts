import type { Access } from '../../api/access.ts';
import { listKeys, revokeKey } from '../../api/keys.ts';
import type { ApiKey } from '../../model/api-key.ts';
import type { Deps } from '../../model/deps.ts';
import { isFailure } from '../../model/failure.ts';
import { grantAccount, type GrantRecord } from '../../model/grant.ts';
import { withCredentialLock } from '../credential-lock.ts';
import { proveKey } from '../rotate/proving.ts';
import { type Unwired, unwire, type UnwireDeps } from '../setup/unwire.ts';
import type { GrantDeps } from './create.ts';

export type RevokeDeps = GrantDeps & UnwireDeps & Pick<Deps, 'rotations' | 'lock' | 'interrupted'>;

/** What became of one grant: at the server, then in the store. `kept`: the server could not be asked, so that nothing was forgotten. */
export interface RevokedGrant {
  /** Null for a key of the agent that this machine has no grant for. */
  readonly id: string | null;
  readonly agent: string;
  readonly device: string | null;
  readonly keyId: string;
  readonly server: 'revoked' | 'already-gone' | 'failed';
  readonly local: 'forgotten' | 'kept' | 'none';
  readonly why: string | null;
  /** Files of clients that still name the grant. */
  readonly wired: readonly string[];
  /** What became of its entries in the files of clients; none where it was kept. */
  readonly files: readonly Unwired[];
}

async function atServer(keyId: string, access: Access): Promise<Pick<RevokedGrant, 'server' | 'why'>> {
  try {
    const outcome = await revokeKey(access, keyId);
    return outcome.kind === 'failed' ? { server: 'failed', why: outcome.why } : { server: outcome.kind, why: null };
  } catch (thrown) {
    // What is true for one key may be true for one key only; what ends the whole run is told as it is.
    if (!isFailure(thrown) || thrown.code === 'session-ended' || thrown.code === 'cancelled') throw thrown;
    return { server: 'failed', why: thrown.detail };
  }
}

/**
 * Revokes a grant: its key at the server first, then the entry in the store, then the entries in the files of clients, then the record. Where the
 * server fails, all is kept for the next try; where a file cannot be changed, the record stays and names what is left.
 */
export function revokeGrant(record: GrantRecord, access: Access, deps: RevokeDeps): Promise<RevokedGrant> {
  // A rotation in another process must not bring the grant back to life.
  return withCredentialLock({ origin: record.origin, account: grantAccount(record.id) }, deps, async () =>
    revokeLocked((await deps.grants.find(record.id)) ?? record, access, deps),
  );
}

/**
 * A key that the provider does not list for this account may be another account's, and then it still opens what it did. The key itself is
 * tried before it is forgotten; where the store does not show it, nobody can.
 */
async function livesElsewhere(record: GrantRecord, access: Access, deps: RevokeDeps): Promise<string | undefined> {
  try {
    const stored = await (await deps.store(record.store)).read({ origin: record.origin, account: grantAccount(record.id) });
    if (stored?.kind !== 'key' || (await proveKey(stored.key, access)) === 'rejected') return undefined;
    return `${access.target.provider.name} knows no key ${record.keyId} of this account, and still accepts it: it belongs to another account${record.account === undefined || record.account === null ? '' : ` (${record.account})`}; name that with --account`;
  } catch (thrown) {
    if (!isFailure(thrown) || thrown.code === 'bug' || thrown.code === 'cancelled') throw thrown;
    return thrown.detail;
  }
}

/** Ends a rotation of the grant that is not finished: both its keys go. One whose successor nobody knows yet stays, to be looked for with --resume. */
async function endRotations({ id, keyId }: GrantRecord, access: Access, { rotations }: RevokeDeps): Promise<Pick<RevokedGrant, 'server' | 'why'> | undefined> {
  for (const { id: rotation, old, successor } of (await rotations.list()).filter(({ grant }) => grant?.id === id)) {
    for (const other of [old.id, successor.id]) {
      const outcome = other === null || other === keyId ? undefined : await atServer(other, access);
      if (outcome?.server === 'failed') return outcome;
    }
    if (successor.id !== null) await rotations.delete(rotation);
  }
  return undefined;
}

async function revokeLocked(record: GrantRecord, access: Access, deps: RevokeDeps): Promise<RevokedGrant> {
  const { id, agent, device, keyId } = record;
  const about = { id, agent, device, keyId, wired: record.wired.map(({ path }) => path), files: [] };
  const asked = await atServer(keyId, access);
  const alive = asked.server === 'already-gone' ? await livesElsewhere(record, access, deps) : undefined;
  const own = alive === undefined ? asked : ({ server: 'failed', why: alive } as const);
  const server = own.server === 'failed' ? own : ((await endRotations(record, access, deps)) ?? own);
  if (server.server === 'failed') return { ...about, ...server, local: 'kept' };
  try {
    await (await deps.store(record.store)).delete({ origin: record.origin, account: grantAccount(id) });
  } catch (thrown) {
    if (!isFailure(thrown)) throw thrown;
    // The key is dead already; what lies in the store opens nothing any more.
    return { ...about, ...server, local: 'kept', why: thrown.detail };
  }
  const files = await unwire(record, record.wired, deps);
  const left = files.filter(({ outcome }) => outcome === 'failed');
  if (left.length > 0) {
    await deps.grants.write({ ...record, wired: left.map(({ client, path }) => ({ client, path })) });
    return { ...about, ...server, wired: left.map(({ path }) => path), files, local: 'kept', why: left.map(({ path, why }) => `${path}: ${why}`).join('; ') };
  }
  await deps.grants.delete(id);
  return { ...about, ...server, wired: [], files, local: 'forgotten' };
}

/** The keys that the server knows to be an agent's and that no grant of this machine stands for. */
async function strayKeys(agent: string, known: readonly GrantRecord[], access: Access): Promise<readonly ApiKey[]> {
  const own = new Set(known.map(({ keyId }) => keyId));
  return (await listKeys(access)).filter((key) => key.agent === agent && !own.has(key.id));
}

/**
 * The kill switch: these grants of an agent, and every key that the server knows to be the agent's, wherever it was made. `known` are all
 * grants of the agent here, those of other accounts and places too.
 */
export async function revokeAgent(
  agent: string,
  records: readonly GrantRecord[],
  known: readonly GrantRecord[],
  access: Access,
  deps: RevokeDeps,
): Promise<readonly RevokedGrant[]> {
  const strays = access.target.provider.keys.create?.takes.agent === 'yes' ? await strayKeys(agent, known, access) : [];
  const outcomes: RevokedGrant[] = [];
  for (const record of records) outcomes.push(await revokeGrant(record, access, deps));
  for (const { id } of strays)
    outcomes.push({ id: null, agent, device: null, keyId: id, wired: [], files: [], ...(await atServer(id, access)), local: 'none' });
  return outcomes;
}
