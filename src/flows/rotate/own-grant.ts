import { revokeKey } from '../../api/keys.ts';
import type { CredentialAddress } from '../../model/credentials.ts';
import { Failure, isFailure } from '../../model/failure.ts';
import { grantAccount, type GrantRecord } from '../../model/grant.ts';
import type { RotationRecord } from '../../model/rotation.ts';
import { withCredentialLock } from '../credential-lock.ts';
import { drop } from './journal.ts';
import { keepBefore, keptBefore, keptSuccessor, OWN_GRANT, savedNote, type Successor } from './kept.ts';
import { revokeLost } from './successor.ts';
import { type RotateDeps, type RotationWork, unfinished } from './work.ts';

/*
 * A key that a grant stands on is delivered into the grant's entry in the store, and nowhere else: nobody is ever shown it. The id of
 * the grant stays, so that no client's file has to change.
 */

/** The grant that stands on a key; undefined for any other key. */
export async function grantOn(key: { readonly id: string }, origin: string, { grants }: Pick<RotateDeps, 'grants'>): Promise<GrantRecord | undefined> {
  return (await grants.list()).find((grant) => grant.keyId === key.id && grant.origin === origin);
}

const addressOf = ({ origin }: RotationRecord, id: string): CredentialAddress => ({ origin, account: grantAccount(id) });

/** Revokes what a grant that was revoked meanwhile left of its rotation: nobody may use either key. Gives the failure to tell. */
async function endWithGrant(record: RotationRecord, id: string, work: RotationWork): Promise<Failure> {
  try {
    const access = await work.access();
    if (record.successor.id === null) await revokeLost(access, record);
    for (const keyId of [record.successor.id, record.old.id]) {
      const outcome = keyId === null ? undefined : await revokeKey(access, keyId);
      if (outcome?.kind === 'failed') throw new Failure('refused', { detail: `The key ${outcome.id} could not be revoked: ${outcome.why}.` });
    }
  } catch (thrown) {
    if (!isFailure(thrown)) throw thrown;
    throw unfinished(record, `The grant ${id} was revoked meanwhile. ${thrown.detail}`, thrown);
  }
  await drop(record, work);
  return new Failure('not-found', {
    detail: `The grant ${id} was revoked meanwhile. Both its keys are revoked, and the rotation is over.`,
    hint: 'See the grants that there are: keywright auth list-grants',
  });
}

/** Before a rotation goes on: the grant that it is for must still be there. One that was revoked takes its rotation with it. */
export async function checkGrantLives(record: RotationRecord, work: RotationWork): Promise<void> {
  const { grant } = record;
  if (grant !== null && (await work.deps.grants.find(grant.id)) === undefined) throw await endWithGrant(record, grant.id, work);
}

/** Puts the successor in the place of the grant's key, and then into its record; each may have been done before. What lay there is kept first. */
export async function replaceInGrant(record: RotationRecord, id: string, successor: Successor, work: RotationWork): Promise<void> {
  const { deps, notes } = work;
  const address = addressOf(record, id);
  const outcome = await withCredentialLock(address, deps, async () => {
    const known = await deps.grants.find(id);
    if (known === undefined) return 'ended';
    if (known.keyId !== record.old.id && known.keyId !== successor.id)
      throw new Failure('refused', { detail: `The grant ${id} has another key by now (${known.keyId}).` });
    const store = await deps.store(known.store);
    const found = await store.read(address);
    // A locked keychain can say that there is nothing; and somebody may be revoking the grant at this moment.
    if (found?.kind !== 'key') throw new Failure('keychain-locked', { detail: `The ${known.store} shows no key of the grant ${id}.` });
    if (!found.key.equals(successor.key)) {
      await keepBefore(record, savedNote(record.id, OWN_GRANT), async () => found.key, notes);
      await store.write(address, { kind: 'key', key: successor.key, obtainedAt: deps.clock.now() });
    }
    await deps.grants.write({ ...known, keyId: successor.id, keyName: record.successor.name, expiresAt: successor.expiresAt, createdAt: record.begunAt });
    return 'replaced';
  });
  if (outcome === 'ended') throw await endWithGrant(record, id, work);
}

/** Gives the grant back the key that it had, in the place of the successor alone. */
export async function restoreGrant(record: RotationRecord, work: RotationWork): Promise<void> {
  const { deps, notes } = work;
  const { grant, old, successor } = record;
  if (grant === null) return;
  const before = await keptBefore(savedNote(record.id, OWN_GRANT), notes);
  const made = await keptSuccessor(record, notes);
  if (before === undefined || before === 'nothing' || made === undefined) return;
  const address = addressOf(record, grant.id);
  await withCredentialLock(address, deps, async () => {
    const known = await deps.grants.find(grant.id);
    if (known === undefined) return;
    const store = await deps.store(known.store);
    const found = await store.read(address);
    if (found?.kind === 'key' && found.key.equals(made.key)) await store.write(address, { kind: 'key', key: before, obtainedAt: deps.clock.now() });
    const { keyName, expiresAt, createdAt } = grant;
    if (known.keyId === successor.id) await deps.grants.write({ ...known, keyId: old.id, keyName, expiresAt, createdAt });
  });
}
