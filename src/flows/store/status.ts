import type { AccountRecord, CredentialAddress, StoredCredential, StoreName } from '../../model/credentials.ts';
import type { CredentialStore } from '../../model/credential-store.ts';
import type { Deps } from '../../model/deps.ts';
import { type Failure, isFailure } from '../../model/failure.ts';
import type { FileStoreFacts, PathFacts } from '../../model/system.ts';
import { knownProviders } from '../../providers/registry.ts';
import { decideAddress } from '../decision/address.ts';

/** Whether a store answers: `absent` is a file that nobody has made yet. */
export type StoreCondition = 'usable' | 'absent' | 'locked' | 'unavailable' | 'silent' | 'damaged';

export interface StoreReport {
  readonly store: StoreName;
  readonly state: StoreCondition;
  readonly why: string | null;
  /** The encrypted file, its permissions as they are written (`600`), and where its key or passphrase comes from. Null for the keychain. */
  readonly path: string | null;
  readonly mode: string | null;
  readonly keySource: string | null;
  /** Tokens beside the credentials that are still to be revoked. */
  readonly waitingRevocations: number;
}

export interface EntryReport {
  readonly provider: string;
  readonly origin: string;
  readonly account: string;
  readonly store: StoreName;
  /** Whether it is looked for in this store. One that is not is a copy that was left behind, or a sign-in that the index lost. */
  readonly pinned: boolean;
  /** `present` is a credential of this kind; the others say what stands in the way. */
  readonly entry: 'present' | 'missing' | Exclude<StoreCondition, 'usable' | 'absent'>;
  readonly kind: StoredCredential['kind'] | null;
  readonly why: string | null;
}

export interface StoreStatus {
  readonly stores: readonly StoreReport[];
  readonly entries: readonly EntryReport[];
}

type StatusDeps = Pick<Deps, 'definitions' | 'output' | 'store' | 'accounts' | 'revocations' | 'system' | 'env'>;

/** An address at which nobody signs in: reading it tells whether a store answers at all, once for all its entries. */
const NOBODY: CredentialAddress = { origin: 'https://nobody.invalid', account: 'nobody' };

function conditionOf({ code }: Failure): Exclude<StoreCondition, 'usable' | 'absent'> {
  if (code === 'keychain-locked') return 'locked';
  if (code === 'timed-out') return 'silent';
  return code === 'unexpected-answer' ? 'damaged' : 'unavailable';
}

async function attempt<Result>(
  work: () => Promise<Result>,
): Promise<{ readonly kind: 'done'; readonly result: Result } | { readonly kind: 'failed'; readonly failure: Failure }> {
  try {
    return { kind: 'done', result: await work() };
  } catch (thrown) {
    if (!isFailure(thrown) || thrown.code === 'cancelled') throw thrown;
    return { kind: 'failed', failure: thrown };
  }
}

function modeText(facts: PathFacts): string | null {
  return 'mode' in facts && facts.mode !== null ? facts.mode.toString(8).padStart(3, '0') : null;
}

interface Looked {
  readonly report: StoreReport;
  readonly store: CredentialStore;
  readonly failure: Failure | undefined;
}

async function lookAt(name: StoreName, file: FileStoreFacts, deps: StatusDeps): Promise<Looked> {
  const store = await deps.store(name);
  const tried = await attempt(() => store.read(NOBODY));
  const failure = tried.kind === 'failed' ? tried.failure : undefined;
  const waitingRevocations = (await deps.revocations.list()).filter((record) => record.store === name).length;
  const ofFile =
    name === 'file'
      ? { path: file.path, mode: modeText(await deps.system.look(file.path)), keySource: file.keySource }
      : { path: null, mode: null, keySource: null };
  const usable = name === 'file' && file.state.kind === 'absent' ? 'absent' : 'usable';
  const report: StoreReport = {
    store: name,
    state: failure === undefined ? usable : conditionOf(failure),
    why: failure?.detail ?? null,
    ...ofFile,
    waitingRevocations,
  };
  return { report, store, failure };
}

type Place = Pick<AccountRecord, 'provider' | 'origin' | 'account'>;

async function entryAt(place: Place, { store, failure }: Looked, pinned: boolean): Promise<EntryReport> {
  const about = { provider: place.provider, origin: place.origin, account: place.account, store: store.name, pinned };
  // A store that does not answer is not asked again for each of its entries: a person might be asked each time.
  const read =
    failure === undefined ? await attempt(() => store.read({ origin: place.origin, account: place.account })) : ({ kind: 'failed', failure } as const);
  if (read.kind === 'failed') return { ...about, entry: conditionOf(read.failure), kind: null, why: read.failure.detail };
  return { ...about, entry: read.result === undefined ? 'missing' : 'present', kind: read.result?.kind ?? null, why: null };
}

/** The well-known names that are asked of a store although the index does not know them. */
async function wellKnown(records: readonly AccountRecord[], deps: StatusDeps): Promise<readonly Place[]> {
  return (await knownProviders(deps)).flatMap((provider) => {
    const { outcome } = decideAddress(provider, deps.env);
    if (outcome.kind === 'failed') return [];
    const { origin } = outcome.place;
    return records.some((record) => record.origin === origin && record.account === 'default') ? [] : [{ provider: provider.id, origin, account: 'default' }];
  });
}

/**
 * Looks into both stores: what the index says must be there, and what is there besides. Nothing is written. A store that fails is
 * part of the answer.
 */
export async function storeStatus(wanted: (place: Place) => boolean, deps: StatusDeps): Promise<StoreStatus> {
  const file = await deps.system.fileStore();
  const stores = [await lookAt('keychain', file, deps), await lookAt('file', file, deps)];
  const records = (await deps.accounts.list()).filter(wanted);
  const unknown = (await wellKnown(await deps.accounts.list(), deps)).filter(wanted);
  const entries: EntryReport[] = [];
  for (const looked of stores) {
    for (const record of records.filter(({ store }) => store === looked.store.name)) entries.push(await entryAt(record, looked, true));
    const elsewhere = [...records.filter(({ store }) => store !== looked.store.name), ...unknown];
    if (looked.failure !== undefined) continue;
    for (const place of elsewhere) {
      const found = await entryAt(place, looked, false);
      if (found.entry !== 'missing') entries.push(found);
    }
  }
  return { stores: stores.map(({ report }) => report), entries };
}
