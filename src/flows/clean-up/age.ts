import type { ApiKey, KeyMark, MarkedKey } from '../../model/api-key.ts';
import { DAY_MS } from '../../model/duration.ts';
import type { Provider } from '../../providers/provider.ts';

/** How long a key is not used before it is marked; a quarter of a year, after which most policies ask for a look. */
const STALE_MS = 90 * DAY_MS;

/** How long before its end a key is marked: time enough to put another one in its place. */
const SOON_MS = 14 * DAY_MS;

/** When keys are looked at, and what their list can tell. */
export interface Look {
  /** Unix milliseconds. */
  readonly now: number;
  readonly lastUse: NonNullable<Provider['keys']['list']>['lastUse'];
}

const timeOf = (time: string | null): number | null => (time === null ? null : Date.parse(time));

/**
 * Whether a key was not used for `span` milliseconds. One that was never used counts from when it was made; where that is not known either,
 * or the list tells no last use, nobody knows, and it is not.
 */
export function isStale(key: ApiKey, span: number, { now, lastUse }: Look): boolean {
  const since = timeOf(key.lastUsedAt) ?? timeOf(key.createdAt);
  return lastUse === 'told' && since !== null && since <= now - span;
}

/** Whether a key's end has come. */
export function isExpired(key: ApiKey, { now }: Pick<Look, 'now'>): boolean {
  const end = timeOf(key.expiresAt);
  return end !== null && end <= now;
}

/** Whether a key still works and ends within `span` milliseconds. */
export function expiresWithin(key: ApiKey, span: number, { now }: Look): boolean {
  const end = timeOf(key.expiresAt);
  return end !== null && end > now && end <= now + span;
}

/** The key with its marks. */
export function marked(key: ApiKey, look: Look): MarkedKey {
  const marks: KeyMark[] = [];
  if (isStale(key, STALE_MS, look)) marks.push('stale');
  if (expiresWithin(key, SOON_MS, look)) marks.push('expires-soon');
  if (isExpired(key, look)) marks.push('expired');
  return { ...key, marks };
}
