import type { ApiKey } from './api-key.ts';
import type { GrantRecord } from './grant.ts';

/**
 * A sink that took the successor, or may have taken it. `saved` is the note with what lay there before; null where it cannot be brought
 * back. Written with `begun` before the sink is given anything, and with `took` after.
 */
export interface DeliveredSink {
  /** As it was named, paths absolute. */
  readonly sink: string;
  readonly state: 'begun' | 'took';
  readonly saved: string | null;
}

/**
 * The step that was about to be taken, or had been, when the record was written. `creating`: a successor of this name may exist.
 * `created`: it exists, and its value lies in the store. `proved`: the provider accepted it. `delivered`: every sink has it.
 * `revoking`: the old key may be revoked already. `undoing`: sinks may hold again what they held before, so that there is no way on.
 */
export type RotationStep = 'creating' | 'created' | 'proved' | 'delivered' | 'revoking' | 'undoing';

/** A rotation under way. No secret in it: the successor's value and what sinks held before lie in the store as notes. */
export interface RotationRecord {
  /** The four characters of the successor's name, and more: unique on this machine. */
  readonly id: string;
  readonly provider: string;
  readonly origin: string;
  /** The stored account that it was begun with; null for a key in a variable. */
  readonly account: string | null;
  /** The store that keeps its notes. */
  readonly store: 'keychain' | 'file';
  readonly old: Pick<ApiKey, 'id' | 'name' | 'prefix' | 'scopes' | 'agent' | 'hubs' | 'trust'>;
  /** Milliseconds that a key of this kind lives; null where it does not end. */
  readonly span: number | null;
  readonly successor: { readonly name: string; readonly id: string | null };
  /** Whether the old key is the one that commands are signed in with: the stored credential then follows the rotation. */
  readonly self: 'yes' | 'no' | 'unknown';
  /** The grant that stands on the old key, as it was; null for any other key. Its entry in the store and its record follow the rotation. */
  readonly grant: Pick<GrantRecord, 'id' | 'store' | 'keyName' | 'expiresAt' | 'createdAt'> | null;
  readonly sinks: readonly string[];
  /** How stdout and files get the successor; null where it was not said. */
  readonly format: 'raw' | 'env' | 'json' | null;
  readonly delivered: readonly DeliveredSink[];
  readonly step: RotationStep;
  /** RFC 3339. */
  readonly begunAt: string;
  /** Milliseconds that the old key shall live on after delivery. */
  readonly grace: number;
  /** RFC 3339; when the old key may be revoked. Null before delivery. */
  readonly revokeAt: string | null;
}

/** The journal of rotations: a small file each in the state folder, 0600. */
export interface RotationJournal {
  /** By the time that they were begun. What cannot be read is passed over; see `unreadable`. */
  list(): Promise<readonly RotationRecord[]>;
  /** Returns when the record is durable. */
  write(record: RotationRecord): Promise<void>;
  delete(id: string): Promise<void>;
  /** The ids of records that are there and cannot be read: damaged, or of a newer version. */
  unreadable(): Promise<readonly string[]>;
}
