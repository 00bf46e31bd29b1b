import type { KeyNews, KeyOwner, KnownKey, KnownKeys } from '../model/known-keys.ts';

/** Far more than anybody completes by hand; the list may be of any length. */
export const MOST_KEYS = 2_000;

/** What was learned of somebody's keys, all in all. */
export interface LearnedKeys {
  readonly owner: KeyOwner;
  readonly seen: Map<string, KnownKey>;
  readonly gone: Set<string>;
  /** Whether there are no others than those that were seen. */
  all: 'seen' | 'not-seen';
}

/** Collects what a command learns of keys. */
export interface KeyCollector extends KnownKeys {
  readonly learned: () => readonly LearnedKeys[];
}

function learn({ seen, gone }: LearnedKeys, news: Exclude<KeyNews, { kind: 'all-seen' }>): void {
  if (news.kind === 'gone') {
    seen.delete(news.id);
    gone.add(news.id);
    return;
  }
  for (const { id, name, agent } of news.keys) if (seen.size < MOST_KEYS && !gone.has(id)) seen.set(id, { id, name, agent });
}

/** Holds no more than a name and an id of at most `MOST_KEYS` keys of each owner, however many are told. */
export function createKeyCollector(): KeyCollector {
  const owners = new Map<string, LearnedKeys>();
  return {
    tell: (owner, news) => {
      const name = `${owner.origin}|${owner.account}`;
      const learned = owners.get(name) ?? { owner, seen: new Map(), gone: new Set(), all: 'not-seen' };
      owners.set(name, learned);
      if (news.kind === 'all-seen') learned.all = 'seen';
      else learn(learned, news);
    },
    learned: () => [...owners.values()],
  };
}
