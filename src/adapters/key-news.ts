import type { WaitingSignIn, KeyNews, KeyOwner, KnownKey, KnownKeys } from '../model/known-keys.ts';

/** Far more than anybody completes by hand; the list may be of any length. */
export const MOST_KEYS = 2_000;

/** What was learned of somebody's keys, all in all. */
export interface LearnedKeys {
  readonly owner: KeyOwner;
  readonly seen: Map<string, KnownKey>;
  readonly gone: Set<string>;
  /** Sign-ins that were begun, and the ids of those that are over. */
  readonly begun: WaitingSignIn[];
  readonly over: string[];
  /** Whether there are no others than those that were seen. */
  all: 'seen' | 'not-seen';
}

/** Collects what a command learns of keys and sign-ins. */
export interface KeyCollector extends KnownKeys {
  readonly learned: () => readonly LearnedKeys[];
}

function learn(learned: LearnedKeys, news: KeyNews): void {
  const { seen, gone, begun, over } = learned;
  switch (news.kind) {
    case 'seen':
      for (const { id, name, agent } of news.keys) if (seen.size < MOST_KEYS && !gone.has(id)) seen.set(id, { id, name, agent });
      return;
    case 'all-seen':
      learned.all = 'seen';
      return;
    case 'gone':
      seen.delete(news.id);
      gone.add(news.id);
      return;
    case 'begun':
      begun.push(news.signIn);
      return;
    case 'over':
      over.push(news.id);
  }
}

/** Holds no more than a name and an id of at most `MOST_KEYS` keys of each owner, however many are told. */
export function createKeyCollector(): KeyCollector {
  const owners = new Map<string, LearnedKeys>();
  return {
    tell: (owner, news) => {
      const name = `${owner.origin}|${owner.account}`;
      const learned = owners.get(name) ?? { owner, seen: new Map(), gone: new Set(), begun: [], over: [], all: 'not-seen' };
      owners.set(name, learned);
      learn(learned, news);
    },
    learned: () => [...owners.values()],
  };
}
