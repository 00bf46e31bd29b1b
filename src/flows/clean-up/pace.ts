import type { Deps } from '../../model/deps.ts';
import type { Http, HttpReply, HttpRequest } from '../../model/http.ts';
import { retryAfterMs } from '../../model/retry-after.ts';

const TOO_MANY = 429;

/** The longest pause that is waited for; whoever is told to come back later than that does so by running the command again. */
const LONGEST_PAUSE_MS = 5 * 60_000;

/** Pauses in a row after which nobody got through: the server will not have us today. */
const MOST_PAUSES = 10;

/** Where the server does not say how long: a second, and twice as long each time. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_UNSAID_MS = 30_000;

/** Shorter pauses are not worth a line. */
const WORTH_TELLING_MS = 5_000;

type PaceDeps = Pick<Deps, 'clock' | 'interrupted' | 'output'>;

/**
 * `http` for many requests at once to a server that counts them: a 429 (RFC 6585 section 4) holds up all of them, not only the one that met
 * it, for as long as its Retry-After says, and then it is sent again. A 429 with too long a pause, or after too many of
 * them in a row, is given back as it is. Ctrl-C ends a pause with its own failure.
 */
export function paced(http: Http, { clock, interrupted, output }: PaceDeps): Http {
  const pause: { until: number; inARow: number; asleep: Promise<void> | null } = { until: 0, inARow: 0, asleep: null };

  /** Begins a pause, or lengthens the one that is on. */
  function hold(reply: HttpReply): 'held' | 'too-long' {
    const now = clock.now();
    const on = now < pause.until;
    if (!on && pause.inARow >= MOST_PAUSES) return 'too-long';
    const ms = retryAfterMs(reply, now) ?? Math.min(FIRST_PAUSE_MS * 2 ** pause.inARow, LONGEST_UNSAID_MS);
    if (ms > LONGEST_PAUSE_MS) return 'too-long';
    pause.until = Math.max(pause.until, now + ms);
    if (on) return 'held';
    pause.inARow += 1;
    if (ms >= WORTH_TELLING_MS) output.note(`The provider asks for a pause. Going on in ${Math.ceil(ms / 1000)} s.`);
    return 'held';
  }

  /** All sleep the same sleep: a signal is not meant to be listened to by each of many. */
  async function awaken(): Promise<void> {
    // Another reply may lengthen the pause while it is slept through.
    while (clock.now() < pause.until) {
      pause.asleep ??= clock.sleep(pause.until - clock.now(), interrupted).finally(() => (pause.asleep = null));
      await pause.asleep;
    }
  }

  async function send(request: HttpRequest): Promise<HttpReply> {
    for (;;) {
      await awaken();
      // A spread in place of this stays behind, for each request, until a full collection.
      const reply = await http.send(Object.assign({}, request, { retry: 'except-429' as const }));
      if (reply.status !== TOO_MANY) {
        pause.inARow = 0;
        return reply;
      }
      if (hold(reply) === 'too-long') return reply;
    }
  }

  return { send, close: () => http.close() };
}
