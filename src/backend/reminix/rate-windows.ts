/** Counts requests per credential over an hour that begins with its first one. Nothing of it outlives the process. */
export interface RateWindows {
  /** One more request by `who`, and how that credential stands now. */
  count(who: string): Standing;
}

export interface Standing {
  readonly kind: 'within' | 'over';
  /** Whole seconds until the window ends, at least 1. */
  readonly secondsLeft: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** The vendor's documents give their limits by the hour. */
const WINDOW_MS = 3_600_000;

export function rateWindows(limit: number, now: () => number): RateWindows {
  // In the order in which they were opened, which is the order in which they end.
  const windows = new Map<string, { readonly endsAt: number; used: number }>();
  const forgetEnded = (time: number) => {
    for (const [who, { endsAt }] of windows) {
      if (endsAt > time) return;
      windows.delete(who);
    }
  };
  return {
    count(who) {
      const time = now();
      forgetEnded(time);
      const window = windows.get(who) ?? { endsAt: time + WINDOW_MS, used: 0 };
      windows.set(who, window);
      window.used += 1;
      return {
        kind: window.used > limit ? 'over' : 'within',
        secondsLeft: Math.ceil((window.endsAt - time) / 1000),
        headers: {
          'x-ratelimit-limit': String(limit),
          'x-ratelimit-remaining': String(Math.max(0, limit - window.used)),
          // Unix seconds, as the vendor's documents show it.
          'x-ratelimit-reset': String(Math.ceil(window.endsAt / 1000)),
        },
      };
    },
  };
}
