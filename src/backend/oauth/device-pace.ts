import { sha256 } from '../hash.ts';

/** How often devices ask for their tokens (RFC 8628 section 3.5). Nothing of it outlives the process. */
export interface DevicePace {
  /** A device asked and was told to go on waiting. */
  asked(deviceCode: string): void;
  /** Whether it asks again too soon; its interval then grows by five seconds. */
  tooSoon(deviceCode: string): boolean;
}

const SLOWER_BY_MS = 5_000;
/** More codes than that are not waited for at once on one machine; the oldest is forgotten, which only makes us patient. */
const MOST_CODES = 1_000;

/** `intervalSeconds` 0 finds nothing too soon. */
export function devicePace(intervalSeconds: number, now: () => number): DevicePace {
  const known = new Map<string, { last: number; intervalMs: number }>();
  return {
    asked(deviceCode) {
      const id = sha256(deviceCode);
      const intervalMs = known.get(id)?.intervalMs ?? intervalSeconds * 1000;
      const [oldest] = known.keys();
      if (known.size >= MOST_CODES && oldest !== undefined) known.delete(oldest);
      known.set(id, { last: now(), intervalMs });
    },
    tooSoon(deviceCode) {
      const entry = known.get(sha256(deviceCode));
      if (intervalSeconds === 0 || entry === undefined || now() - entry.last >= entry.intervalMs) return false;
      entry.last = now();
      entry.intervalMs += SLOWER_BY_MS;
      return true;
    },
  };
}
