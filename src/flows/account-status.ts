import type { AccountRecord, Identity, StoredCredential, StoreName } from '../model/credentials.ts';
import type { Env } from '../model/env.ts';
import type { Failure } from '../model/failure.ts';
import type { Provider } from '../providers/provider.ts';
import { decide, type Decision, type Named } from './decision/decide.ts';
import type { Facts } from './decision/facts.ts';
import type { Mismatch } from './mismatch.ts';
import type { Resolution } from './resolve.ts';

/** What the provider said when it was asked. */
export type Check =
  { readonly kind: 'accepted'; readonly identity: Identity | null } | { readonly kind: 'failed'; readonly code: Failure['code']; readonly detail: string };

/** One credential that is known without asking anybody. Times are RFC 3339 in UTC. */
export interface AccountStatus {
  readonly provider: string;
  readonly origin: string;
  readonly source: 'variable' | 'stored';
  /** The variable's name, or the account's. */
  readonly name: string;
  /** Whether a command that is run here now would use it. */
  readonly used: boolean;
  /** Whether it would be used if no variable were set and no folder bound. */
  readonly default: boolean;
  /** Whether this folder is bound to it. */
  readonly bound: boolean;
  /** What is used in its place. */
  readonly shadowedBy: string | null;
  /** Why a variable that is set is not used as it stands. */
  readonly problem: string | null;
  readonly identity: Identity | null;
  readonly kind: StoredCredential['kind'];
  readonly scopes: readonly string[];
  readonly signedInAt: string | null;
  /** Of a session's access token, which is refreshed where it can be; null where unknown. */
  readonly expiresAt: string | null;
  readonly store: StoreName | null;
  /** The beginning and the end of a variable's key. */
  readonly preview: string | null;
  /** Only where the provider was asked; null where it cannot be asked about this one. */
  readonly check?: Check | null;
  /** Only where the stored sign-in that a variable hides is known to belong to somebody else. */
  readonly differsFrom?: Mismatch;
}

/** A status with what is needed to ask about it: null where nothing can be used at its address as things are set. */
export interface StatusRow {
  readonly status: AccountStatus;
  readonly resolution: Resolution | null;
  /** The record behind it, or the one that a variable hides. */
  readonly record: AccountRecord | undefined;
}

export interface ProviderStatus {
  readonly provider: Provider;
  readonly rows: readonly StatusRow[];
  /** Why nothing can be used at this provider as things are set. */
  readonly failure: Failure | undefined;
}

function withoutKeys(env: Env): Env {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.endsWith('API_KEY')));
}

function accountOf(decision: Decision): string | undefined {
  return decision.outcome.kind === 'decided' && decision.outcome.source.kind === 'stored' ? decision.outcome.source.address.account : undefined;
}

function variableRows(provider: Provider, decision: Decision): readonly StatusRow[] {
  const { outcome } = decision;
  const used = outcome.kind === 'decided' && outcome.source.kind === 'variable' ? outcome : undefined;
  const origin = decision.address.find(({ status }) => status === 'used')?.url ?? provider.baseUrl;
  return decision.credential
    .filter(({ source, status }) => source === 'variable' && (status === 'used' || status === 'shadowed' || status === 'refused'))
    .map(({ name, status, why, preview }): StatusRow => ({
      status: {
        provider: provider.id,
        origin: new URL(origin).origin,
        source: 'variable',
        name,
        used: status === 'used',
        default: false,
        bound: false,
        shadowedBy: status === 'shadowed' ? (used?.source.kind === 'variable' ? used.source.name : null) : null,
        problem: status === 'refused' ? why : null,
        identity: null,
        kind: 'key',
        scopes: [],
        signedInAt: null,
        expiresAt: null,
        store: null,
        preview,
      },
      resolution: status === 'used' && used !== undefined ? used : null,
      record: status === 'used' ? used?.shadowed : undefined,
    }));
}

function recordRow(record: AccountRecord, marks: Pick<AccountStatus, 'used' | 'default' | 'bound' | 'shadowedBy'>, resolution: Resolution | null): StatusRow {
  const { provider, origin, account, identity, kind, scopes, signedInAt, expiresAt, store } = record;
  return {
    status: { provider, origin, source: 'stored', name: account, ...marks, problem: null, identity, kind, scopes, signedInAt, expiresAt, store, preview: null },
    resolution,
    record,
  };
}

/** The accounts that count as the default and by the binding, where no variable holds a key. */
function choiceWithoutKeys(named: Named, facts: Facts): { readonly usual: string | undefined; readonly bound: string | null | undefined } {
  const noKeys = { ...facts, env: withoutKeys(facts.env) };
  return {
    usual: accountOf(decide(named, { ...noKeys, binding: undefined })),
    bound: decide(named, noKeys).credential.find(({ source, status }) => source === 'binding' && status === 'used')?.account,
  };
}

const NO_CHOICE = { usual: undefined, bound: undefined } as const;

/**
 * What is known of a provider's credentials from local state alone: the variables that are set for it, then the sign-ins at
 * the present address, then those at others. With `account` only the sign-ins of that name.
 */
export function statusOf(provider: Provider, account: string | undefined, facts: Facts): ProviderStatus {
  const named = { provider, account: undefined };
  const decision = decide(named, facts);
  const { outcome } = decision;
  const records = facts.records.filter((record) => record.provider === provider.id && (account === undefined || record.account === account));
  const { usual, bound } = records.length === 0 ? NO_CHOICE : choiceWithoutKeys(named, facts);
  const rowOf = (record: AccountRecord): StatusRow => {
    // Where a variable's key may not be used as things are set, nothing stored takes its place.
    if (outcome.kind === 'failed' || record.origin !== outcome.target.origin)
      return recordRow(record, { used: false, default: false, bound: false, shadowedBy: null }, null);
    const shadowedBy = outcome.source.kind === 'variable' && outcome.shadowed === record ? outcome.source.name : null;
    const marks = { used: accountOf(decision) === record.account, default: usual === record.account, bound: bound === record.account, shadowedBy };
    const source = { kind: 'stored', address: { origin: record.origin, account: record.account }, record } as const;
    return recordRow(record, marks, { target: outcome.target, source, shadowed: undefined, binding: { kind: 'none' } });
  };
  const stored = records.map(rowOf);
  const rows = [
    ...(account === undefined ? variableRows(provider, decision) : []),
    ...stored.filter((row) => row.resolution !== null),
    ...stored.filter((row) => row.resolution === null),
  ];
  return { provider, rows, failure: outcome.kind === 'failed' ? outcome.failure : undefined };
}
