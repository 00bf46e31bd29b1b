import type { AccountRecord, Identity } from '../model/credentials.ts';
import { plainText } from '../render/plain-text.ts';

/** Somebody else than the key in a variable belongs to. */
export interface Mismatch {
  readonly account: string;
  readonly identity: Identity;
}

/** The stored sign-in that a variable hides, where it is known to belong to somebody else; undefined where it is the same or nobody knows. */
export function mismatchOf(identity: Identity, shadowed: Pick<AccountRecord, 'account' | 'identity'> | undefined): Mismatch | undefined {
  if (shadowed === undefined || shadowed.identity === null || shadowed.identity.id === identity.id) return undefined;
  return { account: shadowed.account, identity: shadowed.identity };
}

/** The line that tells of it. */
export function mismatchLine(variable: string, identity: Identity, { account, identity: other }: Mismatch): string {
  return `${variable} belongs to ${plainText(identity.label)}, the stored sign-in "${account}" to ${plainText(other.label)}.`;
}
