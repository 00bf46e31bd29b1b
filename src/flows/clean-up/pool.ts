import type { Failure } from '../../model/failure.ts';

/** What came of one item; `stop` where there is no sense in beginning another, and this one was not done either. */
export type Step<Outcome> = { readonly kind: 'done'; readonly outcome: Outcome } | { readonly kind: 'stop'; readonly why: Failure };

export interface Pooled<Item, Outcome> {
  /** Of what was done, in the order of the items. */
  readonly outcomes: readonly Outcome[];
  /** What was not done, in the order of the items. */
  readonly left: readonly Item[];
  /** Why; null where nothing is left, or the signal alone ended it. */
  readonly stopped: Failure | null;
}

/**
 * Works on the items in their order, `atOnce` at a time: whoever is ready takes the next one and waits for nobody. After a `stop`, or once `signal` is
 * aborted, no other is begun; those under way are waited for. What `work` throws is thrown when all of them have ended.
 */
export async function inPool<Item, Outcome>(
  items: readonly Item[],
  { atOnce, signal }: { readonly atOnce: number; readonly signal: AbortSignal },
  work: (item: Item) => Promise<Step<Outcome>>,
): Promise<Pooled<Item, Outcome>> {
  const steps: Array<Step<Outcome> | undefined> = items.map(() => undefined);
  const ending: { stopped: Failure | null; thrown: readonly unknown[] } = { stopped: null, thrown: [] };
  const rest = items.entries();
  const worker = async (): Promise<void> => {
    while (ending.stopped === null && ending.thrown.length === 0 && !signal.aborted) {
      const next = rest.next();
      if (next.done === true) return;
      const [index, item] = next.value;
      try {
        const step = await work(item);
        steps[index] = step;
        if (step.kind === 'stop') ending.stopped ??= step.why;
      } catch (thrown) {
        ending.thrown = [thrown];
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  for (const thrown of ending.thrown) throw thrown;
  return {
    outcomes: steps.flatMap((step) => (step?.kind === 'done' ? [step.outcome] : [])),
    left: items.filter((_, index) => steps[index]?.kind !== 'done'),
    stopped: ending.stopped,
  };
}
