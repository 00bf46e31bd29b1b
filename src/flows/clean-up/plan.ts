import type { MarkedKey } from '../../model/api-key.ts';
import type { Deps } from '../../model/deps.ts';
import { Failure } from '../../model/failure.ts';
import { decisionLines } from '../../render/keys.ts';

/** As many as are shown before somebody is asked. */
const SHOWN = 10;

/** What is to be revoked. Of most keys no more than the id is kept, so that very many of them need little memory. */
export interface Plan {
  readonly ids: readonly string[];
  /** To be revoked after all others, since the requests themselves need it. */
  readonly last: readonly string[];
  /** The first of them. */
  readonly shown: readonly MarkedKey[];
}

/** Which key is the one in use, and what is to become of it. */
export interface OwnKey {
  readonly looksOwn: (key: MarkedKey) => boolean;
  readonly manner: 'spare' | 'revoke-last';
  /** Told of each key that is spared. */
  readonly spared: (key: MarkedKey) => void;
}

/** The keys without the one in use, where it is to be spared. */
export async function* withoutOwn(groups: AsyncIterable<readonly MarkedKey[]>, own: OwnKey): AsyncGenerator<readonly MarkedKey[]> {
  for await (const group of groups) {
    yield group.filter((key) => {
      if (own.manner === 'revoke-last' || !own.looksOwn(key)) return true;
      own.spared(key);
      return false;
    });
  }
}

/** Collects what is to be revoked. A key that comes twice, since the list moved on between two pages, counts once. */
export async function planOf(groups: AsyncIterable<readonly MarkedKey[]>, own: OwnKey): Promise<Plan> {
  const ids = new Set<string>();
  const last = new Set<string>();
  const shown: MarkedKey[] = [];
  for await (const group of withoutOwn(groups, own)) {
    for (const key of group) {
      if (ids.has(key.id) || last.has(key.id)) continue;
      if (shown.length < SHOWN) shown.push(key);
      (own.looksOwn(key) ? last : ids).add(key.id);
    }
  }
  return { ids: [...ids], last: [...last], shown };
}

/**
 * Shows what is to be revoked, with its last use, and asks a person whether that is meant; with `yes` nobody is asked. Nobody to ask is `needs-answer`,
 * a no is `cancelled`; nothing was done then.
 */
export async function confirmPlan(
  { ids, last, shown }: Plan,
  { providerName, yes }: { readonly providerName: string; readonly yes: boolean },
  deps: Pick<Deps, 'prompt' | 'output' | 'clock' | 'interrupted'>,
): Promise<void> {
  const count = ids.length + last.length;
  const keys = `${count} ${count === 1 ? 'key' : 'keys'} at ${providerName}`;
  const asks = !yes && deps.prompt.canAsk;
  // Nobody can answer a question whose object is not shown, whatever else shall be quiet.
  const tell = (line: string): void => (asks ? deps.output.must(line) : deps.output.note(line));
  tell(`To be revoked: ${keys}`);
  for (const line of decisionLines(shown, count, deps.clock.now(), deps.output.columns())) tell(line);
  if (yes) return;
  if (!asks) {
    throw new Failure('needs-answer', {
      detail: `${keys} would be revoked, and nobody can be asked whether that is meant. Nothing was revoked.`,
      hint: 'Give --yes to revoke them, or --dry-run to look at all of them first.',
    });
  }
  if (await deps.prompt.confirm(`Do you want to revoke ${keys}?`, deps.interrupted)) return;
  throw new Failure('cancelled', { detail: 'You did not want to revoke them. Nothing was revoked.' });
}
