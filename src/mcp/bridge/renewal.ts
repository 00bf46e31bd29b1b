import { isNearEnd } from '../../model/grant.ts';
import type { OpenedGrant } from './grant-key.ts';
import type { BridgeWorld } from './world.ts';

/** Has a grant renewed that is near its end, where its person allowed that. */
export interface Renewal {
  /** To be told of a grant whenever its key was good for an answer. Returns at once and never throws. */
  consider(grant: OpenedGrant): void;
}

/**
 * The bridge renews nothing itself: the key of a grant may not make keys, and a bridge may ask nobody. It has another process do it, at most
 * once for each key that it goes on with, and goes on with the new key when the server refuses the old one.
 */
export function createRenewal({ grants, clock, renew, warn }: Pick<BridgeWorld, 'grants' | 'clock' | 'renew' | 'warn'>): Renewal {
  let considered: string | undefined;

  async function beside(id: string): Promise<void> {
    // The record was read with the key; somebody may have rotated or ended the grant since, or may not allow it any more.
    const record = await grants.find(id);
    if (record?.renew === 'allowed' && isNearEnd(record, clock.now())) await renew(record);
  }

  return {
    consider({ record }) {
      if (record.renew !== 'allowed' || record.keyId === considered || !isNearEnd(record, clock.now())) return;
      considered = record.keyId;
      beside(record.id).catch(() => warn(`keywright: the grant ${record.id} could not be renewed. Run: keywright auth rotate-key --grant ${record.id}`));
    },
  };
}
