import { DEFAULT_ACCOUNT } from '../../model/credentials.ts';
import type { Deps } from '../../model/deps.ts';
import type { Http } from '../../model/http.ts';
import type { SecretNotes } from '../../model/secret-notes.ts';
import { failedWith, isFailure } from '../../model/failure.ts';
import { decodeRevocation, type QueuedRevocation } from '../../model/revocation.ts';
import { plainText } from '../../render/plain-text.ts';
import { rfc3339 } from '../../render/time.ts';
import { GIVE_UP_MS, pauseAfter } from './queue.ts';

/** All that a command gives to old revocations. */
const LIMIT_MS = 2_000;

/** Tries in one command; the others come with the next. */
const AT_ONCE = 8;

/** One command at a time tries, so that nothing is sent or said twice. */
const LOCK = 'keywright-pending';

const WORDS: Readonly<Record<QueuedRevocation['kind'], string>> = { refresh_token: 'the refresh token', access_token: 'the access token' };

export type RetryDeps = Pick<Deps, 'notes' | 'revocations' | 'clock' | 'output' | 'http' | 'lock' | 'interrupted'>;

/** A queued token in words: whose it is and since when it waits. */
function inWords(record: QueuedRevocation): string {
  const account = record.account === DEFAULT_ACCOUNT ? '' : ` (account ${plainText(record.account, 64)})`;
  return `${WORDS[record.kind]} of ${plainText(record.provider, 40)}${account} at ${plainText(record.origin, 100)}, waiting since ${rfc3339(record.queuedAt)}`;
}

function hasEnded(record: QueuedRevocation, now: number): 'token-ended' | 'given-up' | undefined {
  if (record.tokenEndsAt !== null && record.tokenEndsAt <= now) return 'token-ended';
  return record.queuedAt + GIVE_UP_MS <= now ? 'given-up' : undefined;
}

async function drop(record: QueuedRevocation, notes: SecretNotes, deps: RetryDeps): Promise<void> {
  await notes.delete(record.name);
  await deps.revocations.delete(record.name);
}

async function tryOne(record: QueuedRevocation, http: Http, deps: RetryDeps): Promise<void> {
  const giveUp = (why: string): void =>
    deps.output.warn(`Not tried any longer: to revoke ${inWords(record)}: ${why}. Revoke it in the provider's dashboard if that matters.`);
  const now = deps.clock.now();
  const ended = hasEnded(record, now);
  // Written before anything else: whatever happens now, the next try waits its time.
  await deps.revocations.write({ ...record, tries: record.tries + 1, nextTryAt: now + pauseAfter(record.tries + 1) });
  const notes = await deps.notes(record.store, 'hurried');
  if (ended !== undefined) {
    if (ended === 'given-up') giveUp('30 days are over');
    await deps.revocations.delete(record.name);
    await notes.delete(record.name);
    return;
  }
  const text = await notes.read(record.name);
  if (text === undefined) {
    deps.output.debug('a token that waited to be revoked is not there any more');
    return deps.revocations.delete(record.name);
  }
  const pending = decodeRevocation(text);
  if (pending === undefined) {
    giveUp('what was kept of it cannot be understood');
    return drop(record, notes, deps);
  }
  // The OAuth library is loaded only now: nearly every command finds nothing to do.
  const { revokeToken } = await import('../../oauth/token-endpoint.ts');
  const outcome = await revokeToken(http, pending, pending.token, pending.kind);
  switch (outcome.kind) {
    case 'revoked':
      deps.output.note(`Revoked at last: ${inWords(record)}.`);
      return drop(record, notes, deps);
    case 'not-offered':
      giveUp('the provider offers no revocation for it any more');
      return drop(record, notes, deps);
    case 'refused':
      giveUp(outcome.why.replace(/\.$/, ''));
      return drop(record, notes, deps);
    case 'failed':
      deps.output.debug(`${inWords(record)} could not be revoked this time either: ${outcome.why}`);
  }
}

/** `http` for which everything ends at `endsAt`, without further tries. */
function untilThen(http: Http, endsAt: number, deps: Pick<RetryDeps, 'clock'>): Http {
  return {
    send: (request) => http.send({ ...request, retry: 'never', onInterrupt: 'cuts', totalMs: Math.max(1, endsAt - deps.clock.now()) }),
    close: () => http.close(),
  };
}

async function tryAll(due: readonly QueuedRevocation[], http: Http, deps: RetryDeps): Promise<void> {
  const held = await deps.lock.acquire(LOCK, { waitMs: 0 });
  try {
    const attempts = due.map((record) =>
      tryOne(record, http, deps).catch((thrown: unknown) => {
        if (!isFailure(thrown)) throw thrown;
        deps.output.debug(`${inWords(record)} could not be looked at: ${thrown.code}`);
      }),
    );
    await Promise.all(attempts);
  } finally {
    await held.release();
  }
}

/**
 * Tries again those of `waiting` that are due. It takes two seconds at most, asks nobody anything, never throws, and opens no store where
 * nothing is due. What worked, and what is given up, is said once on stderr.
 */
export async function tryAgain(waiting: readonly QueuedRevocation[], deps: RetryDeps): Promise<void> {
  const now = deps.clock.now();
  const due = waiting
    .filter((record) => record.nextTryAt <= now || hasEnded(record, now) !== undefined)
    .sort((one, other) => one.nextTryAt - other.nextTryAt)
    .slice(0, AT_ONCE);
  if (due.length === 0 || deps.interrupted.aborted) return;
  const done = new AbortController();
  const limit = deps.clock.sleep(LIMIT_MS, done.signal).catch(() => undefined);
  const work = tryAll(due, untilThen(deps.http, now + LIMIT_MS, deps), deps).catch((thrown: unknown) => {
    const why = failedWith(thrown, 'timed-out') ? 'another command is at it' : isFailure(thrown) ? thrown.code : 'unforeseen';
    deps.output.debug(`old revocations were left for later: ${why}`);
  });
  await Promise.race([work, limit]);
  done.abort();
}
