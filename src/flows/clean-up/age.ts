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

/** What is true of a key or not, at one look. */
export type KeyTest = (key: ApiKey) => boolean;

/**
 * Unix milliseconds in the words of keys, whose times all have the same number of digits: their texts have the order of the times.
 * To read the times of each of very many keys would take ten times as long.
 */
const inWords = (time: number): string => new Date(Math.max(time, 0)).toISOString();

/**
 * Whether a key was not used for `span` milliseconds. One that was never used counts from when it was made; where that is not known either,
 * or the list tells no last use, nobody knows, and it is not.
 */
export function staleFor(span: number, { now, lastUse }: Look): KeyTest {
  if (lastUse === 'untold') return () => false;
  const latest = inWords(now - span);
  return ({ lastUsedAt, createdAt }) => {
    const since = lastUsedAt ?? createdAt;
    return since !== null && since <= latest;
  };
}

/** Whether a key's end has come. */
export function expired({ now }: Pick<Look, 'now'>): KeyTest {
  const latest = inWords(now);
  return ({ expiresAt }) => expiresAt !== null && expiresAt <= latest;
}

/** Whether a key still works and ends within `span` milliseconds. */
export function expiringWithin(span: number, { now }: Pick<Look, 'now'>): KeyTest {
  const [over, latest] = [inWords(now), inWords(now + span)];
  return ({ expiresAt }) => expiresAt !== null && expiresAt > over && expiresAt <= latest;
}

/** The marks of nearly every key. */
const NONE: readonly KeyMark[] = [];

/** Gives keys their marks. Field by field, since a spread of each takes three times as long and leaves more behind. */
export function marker(look: Look): (key: ApiKey) => MarkedKey {
  const [isStale, endsSoon, isExpired] = [staleFor(STALE_MS, look), expiringWithin(SOON_MS, look), expired(look)];
  const marksOf = (key: ApiKey): readonly KeyMark[] => {
    const stale = isStale(key);
    if (!stale && key.expiresAt === null) return NONE;
    const marks: KeyMark[] = stale ? ['stale'] : [];
    if (endsSoon(key)) marks.push('expires-soon');
    if (isExpired(key)) marks.push('expired');
    return marks;
  };
  return (key) => {
    const { id, name, prefix, scopes, agent, hubs, trust, createdAt, expiresAt, lastUsedAt } = key;
    return { id, name, prefix, scopes, agent, hubs, trust, createdAt, expiresAt, lastUsedAt, marks: marksOf(key) };
  };
}
