import type { OAuthSession } from '../model/credentials.ts';
import type { Deps } from '../model/deps.ts';
import type { Poll } from '../oauth/device.ts';

/** RFC 8628 section 3.5: what `slow_down` adds to the interval, for this and all later questions. */
export const SLOWER_BY_MS = 5_000;

/** While nothing can be learnt the pause doubles up to this; a person is waiting. */
const LONGEST_PAUSE_MS = 60_000;

export interface DeviceWait {
  readonly intervalMs: number;
  /** Unix milliseconds: when the first question may be asked, and when the code ends. */
  readonly firstAt: number;
  readonly expiresAt: number;
}

export type DeviceEnd = { readonly kind: 'signed-in'; readonly session: OAuthSession } | { readonly kind: 'expired' };

/**
 * Asks until the person has decided or the code has ended (RFC 8628 section 3.5). Trouble on the way is said once and tried again
 * ever more slowly. Ctrl-C ends the wait; a question that is on its way is waited for, since its answer may hold tokens.
 */
export async function awaitDevice(poll: () => Promise<Poll>, wait: DeviceWait, deps: Pick<Deps, 'clock' | 'output' | 'interrupted'>): Promise<DeviceEnd> {
  const { clock, output, interrupted } = deps;
  let { intervalMs } = wait;
  let pauseMs = Math.max(0, wait.firstAt - clock.now());
  let troubles = 0;
  for (;;) {
    const left = wait.expiresAt - clock.now();
    if (left <= 0) return { kind: 'expired' };
    await clock.sleep(Math.min(pauseMs, left), interrupted);
    if (wait.expiresAt <= clock.now()) return { kind: 'expired' };
    const answer = await poll();
    switch (answer.kind) {
      case 'signed-in':
      case 'expired':
        return answer;
      case 'trouble':
        if (troubles === 0) output.warn(`${answer.failure.detail} Still trying.`);
        troubles += 1;
        pauseMs = Math.min(intervalMs * 2 ** troubles, Math.max(LONGEST_PAUSE_MS, intervalMs));
        break;
      case 'slow-down':
        intervalMs += SLOWER_BY_MS;
        troubles = 0;
        pauseMs = intervalMs;
        break;
      case 'pending':
        troubles = 0;
        pauseMs = intervalMs;
        break;
    }
  }
}
