import type { Target } from '../../api/target.ts';
import type { AccountRecord, OAuthSession } from '../../model/credentials.ts';
import type { Deps } from '../../model/deps.ts';
import type { SecretNotes } from '../../model/secret-notes.ts';
import { Failure, failedWith } from '../../model/failure.ts';
import { completeAuthorization, type ExpectedRedirect, pastedRedirect } from '../../oauth/authorization.ts';
import { devicePoller } from '../../oauth/device.ts';
import { providerById, type ProviderDeps } from '../../providers/registry.ts';
import { awaitDevice, SLOWER_BY_MS } from '../device-wait.ts';
import { type FinishDeps, finishSignIn, type SignInPlace } from '../finish-sign-in.ts';
import { during } from '../waiting.ts';
import { nextCommand, noteName } from './names.ts';
import { decodePending, encodePending, expectedRedirect, type PendingDevice, type PendingSignIn } from './pending.ts';

/** A pasted address with a long code and state is still far below this. */
const PASTE_MAX_BYTES = 16 * 1024;

/** Another process that completes the same sign-in is waited for this long. */
const LOCK_WAIT_MS = 10_000;

type CompleteDeps = FinishDeps & ProviderDeps & Pick<Deps, 'prompt' | 'store' | 'oauthHttp' | 'knownKeys'>;

/** Which pending sign-in is meant. */
export interface Completion {
  readonly id: string;
  /** As named on the command line; another than the first step named is `usage`. */
  readonly provider: string | undefined;
  readonly account: string | undefined;
  /** `once`: ask the server once and fail with `timed-out` while the person has not decided. */
  readonly wait: 'until-done' | 'once';
}

/**
 * The second step. An id that is unknown, used or expired is `not-found`. What was kept is deleted on success and when the
 * sign-in is refused for good; after trouble on the way, or an address that does not fit, the same command can be given again.
 */
export async function completeSignIn(completion: Completion, notes: SecretNotes, deps: CompleteDeps): Promise<AccountRecord> {
  const { id } = completion;
  if (!/^[A-Za-z0-9]{1,64}$/.test(id)) throw nothingBegun(completion);
  const held = await deps.lock.acquire(`pending sign-in ${id}`, { waitMs: LOCK_WAIT_MS, signal: deps.interrupted });
  try {
    const text = await notes.read(noteName(id));
    if (text === undefined) throw nothingBegun(completion);
    const pending = decodePending(text);
    await checkSame(completion, pending, deps);
    const target: Target = { provider: await providerById(pending.provider, deps), origin: pending.origin, baseUrl: pending.baseUrl, project: null };
    const place = { target, address: { origin: pending.origin, account: pending.account }, store: await deps.store(notes.store) };
    await place.store.probe();
    try {
      const record = await finish(completion, pending, place, notes, deps);
      await forget(notes, id, pending, deps);
      return record;
    } catch (thrown) {
      // Only what the server was asked can be over for good; a store that refused before that is mended, and the same command given again.
      if (!failedWith(thrown, 'consent-denied', 'refused', 'unexpected-answer')) throw thrown;
      await forget(notes, id, pending, deps);
      throw thrown;
    }
  } finally {
    await held.release();
  }
}

async function finish(completion: Completion, pending: PendingSignIn, place: SignInPlace, notes: SecretNotes, deps: CompleteDeps): Promise<AccountRecord> {
  const { way } = pending;
  if (way.kind === 'device') return finishSignIn(place, await tokensByCode(completion, pending, way, notes, deps), deps);
  const http = await deps.oauthHttp();
  const expected = expectedRedirect(pending, way, http);
  const redirect = await readRedirect(expected, nextCommand(pending.provider, completion.id, notes), deps);
  return finishSignIn(place, await completeAuthorization(http, expected, redirect, () => deps.clock.now()), deps);
}

async function tokensByCode(completion: Completion, pending: PendingSignIn, way: PendingDevice, notes: SecretNotes, deps: CompleteDeps): Promise<OAuthSession> {
  const question = {
    server: pending.server,
    deviceCode: way.deviceCode,
    scopes: pending.scopes,
    scopeSeparator: pending.scopeSeparator,
    dpopKey: pending.dpopKey,
  };
  const poll = devicePoller(await deps.oauthHttp(), question, () => deps.clock.now());
  const ended = async (): Promise<Failure> => {
    await forget(notes, completion.id, pending, deps);
    return nothingBegun({ ...completion, provider: pending.provider });
  };
  if (completion.wait === 'until-done') {
    const waiting = 'Waiting for the code to be confirmed (Ctrl-C to stop; the same command goes on waiting).';
    const times = { intervalMs: way.intervalMs, firstAt: way.askAgainAt, expiresAt: pending.expiresAt };
    const end = await during(waiting, deps, () => awaitDevice(poll, times, deps));
    if (end.kind === 'expired') throw await ended();
    return end.session;
  }
  if (deps.clock.now() < way.askAgainAt) throw notYet(way.askAgainAt, completion, pending, notes, deps);
  const answer = await poll();
  if (answer.kind === 'signed-in') return answer.session;
  if (answer.kind === 'expired') throw await ended();
  const intervalMs = way.intervalMs + (answer.kind === 'slow-down' ? SLOWER_BY_MS : 0);
  const askAgainAt = deps.clock.now() + intervalMs;
  await notes.write(noteName(completion.id), encodePending({ ...pending, way: { ...way, intervalMs, askAgainAt } }), pending.expiresAt);
  throw answer.kind === 'trouble' ? answer.failure : notYet(askAgainAt, completion, pending, notes, deps);
}

function notYet(askAgainAt: number, completion: Completion, pending: PendingSignIn, notes: SecretNotes, deps: CompleteDeps): Failure {
  const seconds = Math.max(1, Math.ceil((askAgainAt - deps.clock.now()) / 1000));
  return new Failure('timed-out', {
    detail: 'Nobody has confirmed the code yet.',
    hint: `Ask again in ${seconds} s: ${nextCommand(pending.provider, completion.id, notes)} --no-wait`,
    data: { retry_after: seconds },
  });
}

/** Takes the address that the browser ended at: from a hidden question, until it fits, or from standard input. */
async function readRedirect(expected: ExpectedRedirect, next: string, deps: CompleteDeps): Promise<URL> {
  if (!deps.prompt.canAsk) {
    const piped = deps.prompt.stdinIsTerminal ? '' : await deps.prompt.readStdin(PASTE_MAX_BYTES, deps.interrupted);
    if (piped.trim() !== '') return ownRedirect(expected, piped);
    throw new Failure('needs-answer', {
      detail: 'The address that the browser ended at did not come in on standard input.',
      hint: `Pipe it in: ${next} < url.txt`,
    });
  }
  for (;;) {
    const pasted = await deps.prompt.hidden('Paste the address that the browser ended at (it is not shown):', deps.interrupted);
    try {
      return ownRedirect(expected, pasted);
    } catch (thrown) {
      if (!failedWith(thrown, 'usage')) throw thrown;
      deps.output.warn(`${thrown.detail} ${thrown.hint ?? ''}`);
    }
  }
}

/** A redirect of another sign-in is a slip of the hand, and must not end this one. */
function ownRedirect(expected: ExpectedRedirect, pasted: string): URL {
  const url = pastedRedirect(expected, pasted);
  if (url.searchParams.get('state') === expected.state) return url;
  throw new Failure('usage', { detail: 'The pasted address belongs to another sign-in.', hint: 'Paste the one that came of the address of this sign-in.' });
}

async function checkSame(completion: Completion, pending: PendingSignIn, deps: CompleteDeps): Promise<void> {
  const other = (what: string, begun: string): Failure =>
    new Failure('usage', { detail: `This sign-in was begun for the ${what} "${begun}".`, hint: `Leave out the ${what}, or name the same.` });
  if (completion.provider !== undefined && (await providerById(completion.provider, deps)).id !== pending.provider) throw other('provider', pending.provider);
  if (completion.account !== undefined && completion.account !== pending.account) throw other('account', pending.account);
}

function nothingBegun({ provider }: Completion): Failure {
  return new Failure('not-found', {
    detail: 'No sign-in with this id is waiting here: it is finished, it took too long, or it was begun with another store.',
    hint: `Begin again: keywright login${provider === undefined ? '' : ` ${provider}`} --begin --json`,
  });
}

/** It ends by itself in a while, so that trouble with it is no reason to fail. */
async function forget(notes: SecretNotes, id: string, { provider, origin, account }: PendingSignIn, deps: CompleteDeps): Promise<void> {
  deps.knownKeys.tell({ provider, origin, account }, { kind: 'over', id });
  await notes.delete(noteName(id)).catch(() => deps.output.debug('what was kept of the sign-in could not be deleted; it ends by itself'));
}
