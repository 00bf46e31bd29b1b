import { type Access, over } from '../../api/access.ts';
import { createKey, revokeKey } from '../../api/keys.ts';
import type { CreatedKey } from '../../model/api-key.ts';
import type { Deps } from '../../model/deps.ts';
import type { Http } from '../../model/http.ts';
import { DAY_MS } from '../../model/duration.ts';
import type { EphemeralRecord } from '../../model/ephemeral.ts';
import { Failure, failedWith, isFailure } from '../../model/failure.ts';
import type { Secret } from '../../model/secret.ts';
import type { Provider } from '../../providers/provider.ts';
import { plainText } from '../../render/plain-text.ts';
import { accessOf } from '../authority.ts';
import { checkedKeyRequest } from '../key-request.ts';
import type { Resolution } from '../resolve.ts';
import { newTag, taggedName } from '../rotate/successor.ts';
import { guardKey } from './guard.ts';

/** All that a key may do. */
export interface EphemeralWish {
  /** The program that it is for, without the folder that it lies in. */
  readonly program: string;
  readonly scopes: readonly string[];
  readonly readOnly: boolean;
}

export interface EphemeralKey {
  readonly key: Secret;
  /** Revokes it. Never throws for what the server or a folder does: what could not be done is said, and a later command tries again. */
  revoke(): Promise<void>;
}

/** A day is the shortest life where days are counted, and elsewhere long enough for nearly every program. */
const LIFE_MS = DAY_MS;

/** The program has ended and a person waits. */
const REVOKE_MS = 10_000;

/** Random bytes of a record's id. */
const ID_BYTES = 12;

/** Failures after which the key may have been made all the same. */
const MAYBE_MADE = ['timed-out', 'unreachable', 'unexpected-answer'] as const;

function refuseWithout(provider: Provider): NonNullable<Provider['keys']['create']> {
  const { create, revoke } = provider.keys;
  if (create !== null && revoke !== null) return create;
  throw new Failure('usage', {
    detail: `${provider.name} has no API to ${create === null ? 'create' : 'revoke'} keys, so that none can be made for one run.`,
    hint: 'Leave --ephemeral out: the program then gets the credential that is used here.',
  });
}

/** Everything within the limit, and nothing of it cut off by a signal. */
function patient(http: Http, totalMs: number): Http {
  return { send: (request) => http.send({ ...request, totalMs, onInterrupt: 'waits' }), close: () => http.close() };
}

/** The same credential in a world that nobody interrupts: whoever is told to end still has a key to revoke. */
async function lastAccess(resolution: Resolution, deps: Deps): Promise<Access> {
  const calm = { ...deps, interrupted: new AbortController().signal };
  return over(patient(deps.http, REVOKE_MS), await accessOf(resolution, calm));
}

/** What stays behind where a key could not be revoked. */
function leftLine(created: CreatedKey, why: string): string {
  const end = created.expiresAt === null ? '' : ` It ends by itself at ${created.expiresAt}.`;
  return `The key "${plainText(created.name ?? '')}" (id ${created.id}) could not be revoked: ${why} The next keywright command tries again.${end}`;
}

/**
 * Makes a key for the life of one program: named after it with a tag that no other key has, with the shortest life that the provider
 * knows. Before the request a record says what may be made. `usage` where the provider cannot make or revoke keys.
 */
export async function makeEphemeralKey(wish: EphemeralWish, resolution: Resolution, deps: Deps): Promise<EphemeralKey> {
  const { target, source } = resolution;
  const { provider } = target;
  const { takes } = refuseWithout(provider);
  const now = deps.clock.now();
  const { scopes, readOnly } = wish;
  const name = taggedName(plainText(wish.program), newTag(deps.random), takes.longestName);
  const wishes = { name, scopes, readOnly, expires: undefined, agent: undefined, hubs: [], trust: undefined };
  const request = { ...checkedKeyRequest(wishes, provider, now), expiresAt: takes.expiry === 'none' ? null : now + LIFE_MS };
  const access = await accessOf(resolution, deps);
  const record: EphemeralRecord = {
    id: deps.random.token(ID_BYTES),
    name: request.name ?? name,
    keyId: null,
    provider: provider.id,
    baseUrl: target.baseUrl,
    project: target.project,
    account: source.kind === 'stored' ? source.address.account : null,
    preview: source.kind === 'variable' ? source.key.preview() : null,
    begunAt: now,
    endsAt: request.expiresAt,
  };
  const guard = await guardKey(record, deps);
  let created: CreatedKey;
  try {
    created = await createKey(access, request, now);
  } catch (thrown) {
    await guard.end(failedWith(thrown, ...MAYBE_MADE) ? 'left' : 'done');
    throw thrown;
  }
  await guard.know(created.id);
  const scopeWords = plainText(created.scopes.join(', ')) || 'the usual ones';
  deps.output.note(`Made the key "${plainText(record.name)}" (id ${created.id}) for this run; scopes: ${scopeWords}. It is revoked when the program ends.`);
  return {
    key: created.key,
    revoke: async () => {
      const why = await revokeKey(await lastAccess(resolution, deps), created.id).then(
        (outcome) => (outcome.kind === 'failed' ? `${plainText(outcome.why)}.` : undefined),
        (thrown: unknown) => {
          if (!isFailure(thrown)) throw thrown;
          return thrown.detail;
        },
      );
      if (why !== undefined) deps.output.warn(leftLine(created, why));
      await guard.end(why === undefined ? 'done' : 'left');
    },
  };
}
