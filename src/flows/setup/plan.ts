import { findEntry, putEntry } from '../../mcp/edit/edit.ts';
import { DAY_MS } from '../../model/duration.ts';
import type { Deps } from '../../model/deps.ts';
import { isFailure } from '../../model/failure.ts';
import { grantAccount, type GrantRecord } from '../../model/grant.ts';
import type { Http } from '../../model/http.ts';
import type { Secret } from '../../model/secret.ts';
import type { Target as Api } from '../../api/target.ts';
import { proveGrant } from '../grants/proof.ts';
import { grantIn } from './own-entry.ts';
import { plainKeysIn, type PlainKey } from './plain-keys.ts';
import { bridgeStart, GRANT_TO_COME, type StartWorld } from './start.ts';
import type { Target, TargetDeps } from './targets.ts';
import type { Terms } from './terms.ts';

export type PlanDeps = TargetDeps & Pick<Deps, 'grants' | 'store' | 'clock' | 'http'>;

/**
 * What is to be done for one client. `grant` is one that is here already and goes on being used; null where one is made.
 * `ends` is the grant that the entry names now, and that nothing needs once it is replaced.
 */
export type Step =
  | { readonly kind: 'keep'; readonly grant: GrantRecord }
  | { readonly kind: 'add'; readonly grant: GrantRecord | null }
  | { readonly kind: 'replace'; readonly why: string; readonly grant: GrantRecord | null; readonly ends: GrantRecord | null }
  | { readonly kind: 'refuse'; readonly why: string };

export interface Planned {
  readonly target: Target;
  readonly step: Step;
  /** The file as it is; undefined where there is none. */
  readonly text: string | undefined;
  readonly plain: readonly PlainKey[];
}

export interface PlanWorld {
  readonly api: Api;
  readonly terms: Terms;
  readonly start: StartWorld;
}

/** A grant that ends within this time is made anew, unless its whole life is short: then in the second half of it. */
const NEARLY_OVER_MS = DAY_MS;

function isNearlyOver({ expiresAt, createdAt }: GrantRecord, now: number): boolean {
  if (expiresAt === null) return false;
  const end = Date.parse(expiresAt);
  return end - now < Math.min(NEARLY_OVER_MS, (end - Date.parse(createdAt)) / 2);
}

const sameWords = (one: readonly string[], other: readonly string[]): boolean => [...one].sort().join(' ') === [...other].sort().join(' ');

/** Nobody waits long for what only a grant that was revoked elsewhere needs. */
const PROOF_LIMIT_MS = 3_000;

/** Whether the provider says that it does not know the key any more. Where it cannot be asked, the grant is taken to live. */
async function isRefused(record: GrantRecord, key: Secret, { provider }: Api, { http }: PlanDeps): Promise<boolean> {
  const once: Http = { send: (request) => http.send({ ...request, retry: 'never', totalMs: PROOF_LIMIT_MS }), close: () => http.close() };
  try {
    return (await proveGrant(record, key, provider, once)) === 'rejected';
  } catch (thrown) {
    if (!isFailure(thrown) || thrown.code === 'bug' || thrown.code === 'cancelled') throw thrown;
    return false;
  }
}

/** Why a grant cannot go on being used for a client; undefined where it can. */
async function unfit(record: GrantRecord, { client }: Target, { api, terms }: PlanWorld, deps: PlanDeps): Promise<string | undefined> {
  if (record.provider !== api.provider.id || record.origin !== api.origin) return `its grant is for ${record.origin}`;
  if (api.provider.mcp !== null && record.mcpUrl !== `${api.baseUrl}${api.provider.mcp.path}`) return 'the record of its grant names another server';
  if (record.agent !== client.id) return `its grant is that of ${record.agent}`;
  if (isNearlyOver(record, deps.clock.now())) return `its grant ends at ${record.expiresAt}`;
  if (terms.renew === 'allowed' && record.renew !== 'allowed') return 'its grant may not be renewed by the bridge';
  if (terms.scopesNamed && !sameWords(record.scopes, terms.scopes)) return `its grant has other scopes (${record.scopes.join(', ')})`;
  const stored = await (await deps.store(record.store)).read({ origin: record.origin, account: grantAccount(record.id) });
  if (stored?.kind !== 'key') return `the key of its grant is gone from the ${record.store}`;
  return (await isRefused(record, stored.key, api, deps)) ? `${api.provider.name} no longer accepts the key of its grant` : undefined;
}

/** A grant that was made for this very place and whose entry was never written, or was removed by hand. */
async function grantWaitingFor(target: Target, world: PlanWorld, deps: PlanDeps): Promise<GrantRecord | null> {
  for (const record of await deps.grants.list()) {
    const meant = record.wired.some(({ client, path }) => client === target.client.id && path === target.path);
    if (meant && (await unfit(record, target, world, deps)) === undefined) return record;
  }
  return null;
}

/** The entry of a client that starts the bridge with this grant. */
export function entryOf({ client }: Target, grant: string, { api, start }: Pick<PlanWorld, 'api' | 'start'>): ReturnType<typeof client.entry> {
  return client.entry(bridgeStart(api.provider.id, grant, start));
}

async function stepFor(target: Target, text: string | undefined, world: PlanWorld, deps: PlanDeps): Promise<Step> {
  const found = text === undefined ? ({ kind: 'absent' } as const) : findEntry(text, target.at);
  if (found.kind === 'untouchable') return { kind: 'refuse', why: found.why };
  const tried = putEntry(text, target.at, entryOf(target, GRANT_TO_COME, world));
  if (tried.kind === 'untouchable') return { kind: 'refuse', why: tried.why };
  if (found.kind === 'absent') return { kind: 'add', grant: await grantWaitingFor(target, world, deps) };
  const id = grantIn(found.value);
  if (id === undefined)
    return { kind: 'replace', why: 'keywright did not write the entry of this name', grant: await grantWaitingFor(target, world, deps), ends: null };
  const record = await deps.grants.find(id);
  if (record === undefined)
    return { kind: 'replace', why: 'its grant is gone from this machine', grant: await grantWaitingFor(target, world, deps), ends: null };
  const why = await unfit(record, target, world, deps);
  if (why !== undefined) {
    const isOurs = record.provider === world.api.provider.id && record.origin === world.api.origin;
    // One that a run which was killed, or that was printed and not pasted, has left for this place.
    return { kind: 'replace', why, grant: await grantWaitingFor(target, world, deps), ends: isOurs ? record : null };
  }
  if (putEntry(text, target.at, entryOf(target, record.id, world)).kind === 'same') return { kind: 'keep', grant: record };
  return { kind: 'replace', why: 'it starts the bridge in another way than is right now', grant: record, ends: null };
}

/** Reads every file and decides what is to be done; nothing is changed. What is only printed needs no file that can be edited. */
export async function planSetup(targets: readonly Target[], manner: 'write' | 'print', world: PlanWorld, deps: PlanDeps): Promise<readonly Planned[]> {
  const planned: Planned[] = [];
  for (const target of targets) {
    const file = await deps.configFiles.read(target.path);
    const text = file.kind === 'there' ? file.text : undefined;
    const plain = text === undefined ? [] : plainKeysIn(text, target, world.api.provider);
    const step = file.kind === 'unusable' ? ({ kind: 'refuse', why: file.why } as const) : await stepFor(target, text, world, deps);
    const printed = manner === 'print' && step.kind === 'refuse';
    planned.push({ target, step: printed ? { kind: 'add', grant: await grantWaitingFor(target, world, deps) } : step, text, plain });
  }
  return planned;
}
