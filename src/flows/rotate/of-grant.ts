import type { Access } from '../../api/access.ts';
import { listKeys } from '../../api/keys.ts';
import { Failure } from '../../model/failure.ts';
import type { GrantRecord } from '../../model/grant.ts';
import type { RotationRecord } from '../../model/rotation.ts';
import { plainText } from '../../render/plain-text.ts';
import { accessOf } from '../authority.ts';
import { confirmBinding } from '../binding-trust.ts';
import { resolve } from '../resolve.ts';
import { type Chosen, checkRotates, rotateKey, type RotationWish } from './begin.ts';
import { type ComeBackDeps, type ComingBack, goOn } from './going-on.ts';
import { oneOf, type RotatedOne, workOf } from './one.ts';
import { notYet } from './words.ts';

async function grantCalled(id: string, { grants }: Pick<ComeBackDeps, 'grants'>): Promise<GrantRecord> {
  const found = await grants.find(id);
  if (found !== undefined) return found;
  throw new Failure('not-found', {
    detail: `There is no grant ${plainText(id, 40)} on this machine.`,
    hint: 'See the grants that there are: keywright auth list-grants',
  });
}

/** The key of a grant, out of the provider's list. */
async function keyOf(grant: GrantRecord, access: Access): Promise<Chosen> {
  const all = await listKeys(access);
  const key = all.find(({ id }) => id === grant.keyId);
  if (key !== undefined) return { key, all, grant };
  throw new Failure('not-found', {
    detail: `${access.target.provider.name} lists no key ${plainText(grant.keyId, 100)}, which the grant ${grant.id} stands on: it was revoked, or belongs to another account.`,
    hint: `Name the account with --account, or make another grant: keywright auth create-grant --agent ${grant.agent}`,
  });
}

/** `usage` for a grant of another provider or address than the one that commands go to. */
function checkPlace(grant: GrantRecord, origin: string, named: string | undefined, prefix: string): void {
  if (grant.origin === origin) return;
  throw new Failure('usage', {
    detail: `The grant belongs to ${grant.origin}, and commands go to ${origin} now.`,
    hint: named === undefined ? `Set ${prefix}_API_URL as it was when the grant was made.` : 'Leave --provider out, or set the address as it was then.',
  });
}

const wasDelivered = ({ step }: RotationRecord): boolean => step === 'delivered' || step === 'revoking';

async function begin(id: string, wish: RotationWish, { choice }: ComingBack, deps: ComeBackDeps): Promise<RotatedOne> {
  const grant = await grantCalled(id, deps);
  const account = choice.account ?? grant.account ?? undefined;
  const resolution = await resolve({ provider: choice.provider ?? grant.provider, account }, deps);
  checkRotates(resolution);
  checkPlace(grant, resolution.target.origin, choice.provider, resolution.target.provider.envPrefix);
  await confirmBinding(resolution.binding, 'rotate keys', deps);
  const chosen = await keyOf(grant, await accessOf(resolution, deps));
  return oneOf(await rotateKey(chosen, wish, await workOf(resolution, grant.store, [], deps)), resolution, []);
}

/**
 * Rotates the key that a grant stands on. A rotation of it that was begun and not delivered is this one, and is gone on with; one that was
 * delivered is finished first, or is `rotation-unfinished` while its old key lives on.
 */
export async function rotateGrant(id: string, wish: RotationWish, back: ComingBack, deps: ComeBackDeps): Promise<RotatedOne> {
  const begun = (await deps.rotations.list()).find(({ grant }) => grant?.id === id);
  if (begun === undefined) return begin(id, wish, back, deps);
  const one = await goOn(begun, back, deps);
  if (!wasDelivered(begun)) return one;
  if (one.rotation.step !== 'done') throw notYet(one.rotation);
  return begin(id, wish, back, deps);
}
