import type { Access } from '../../api/access.ts';
import { keyPages } from '../../api/keys.ts';
import type { Wanted } from '../../api/pages.ts';
import type { ApiKey, MarkedKey } from '../../model/api-key.ts';
import type { Deps } from '../../model/deps.ts';
import type { Output } from '../../model/output.ts';
import { type Look, marker } from './age.ts';
import type { Selection } from './selection.ts';

/** What a list is put in order by. */
export const ORDERS = ['created', 'used', 'expires', 'name'] as const;

export type Order = (typeof ORDERS)[number];

/** Keys in one go when they were all collected before; about as many as the longest pages of servers have. */
const GROUP = 1_000;

/** How the keys of a provider are looked at now. */
export function lookAt({ target }: Pick<Access, 'target'>, { clock }: Pick<Deps, 'clock'>): Look {
  return { now: clock.now(), lastUse: target.provider.keys.list?.lastUse ?? 'untold' };
}

/** The keys that are meant, with their marks, as the pages come. Nothing is kept of a page that was given. */
export async function* chosenKeys(
  access: Access,
  selection: Selection,
  look: Look,
  { progress }: Pick<Output, 'progress'>,
  wanted: Wanted = 'all',
): AsyncGenerator<readonly MarkedKey[]> {
  const [isMeant, marked] = [selection.at(look), marker(look)];
  const listing = progress('Listing keys');
  let seen = 0;
  try {
    for await (const page of keyPages(access, wanted)) {
      seen += page.length;
      listing.tick(seen);
      yield (selection.kind === 'all' ? page : page.filter(isMeant)).map(marked);
    }
  } finally {
    listing.end();
  }
}

/** Smaller text first, null last. By code unit, so that the order is the same on every machine. */
function ascending(one: string | null, other: string | null): number {
  if (one === other) return 0;
  if (one === null) return 1;
  if (other === null) return -1;
  return one < other ? -1 : 1;
}

/** Times are RFC 3339 in UTC with the same number of digits, so that their texts have the order of the times. Null stays last. */
const newestFirst = (one: string | null, other: string | null): number => (one === null || other === null ? ascending(one, other) : ascending(other, one));

const COMPARED: Readonly<Record<Order, (one: ApiKey, other: ApiKey) => number>> = {
  created: (one, other) => newestFirst(one.createdAt, other.createdAt),
  used: (one, other) => newestFirst(one.lastUsedAt, other.lastUsedAt),
  expires: (one, other) => ascending(one.expiresAt, other.expiresAt),
  name: (one, other) => ascending(one.name, other.name),
};

/**
 * The same keys in order: by creation and last use the newest first, by expiry the soonest first, by name from A to Z; what is not known comes
 * last, and what is equal stays in the provider's order. All of them are held for it.
 */
export async function* inOrder<Key extends ApiKey>(groups: AsyncIterable<readonly Key[]>, order: Order): AsyncGenerator<readonly Key[]> {
  const all: Key[] = [];
  for await (const group of groups) for (const key of group) all.push(key);
  all.sort(COMPARED[order]);
  for (let at = 0; at < all.length; at += GROUP) yield all.slice(at, at + GROUP);
}

/** The first `most` keys. Nothing is asked for after them. */
export async function* atMost<Key>(groups: AsyncIterable<readonly Key[]>, most: number): AsyncGenerator<readonly Key[]> {
  let left = most;
  for await (const group of groups) {
    yield group.slice(0, left);
    left -= group.length;
    if (left <= 0) return;
  }
}
