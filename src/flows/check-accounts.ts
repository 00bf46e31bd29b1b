import { askIdentity } from '../api/identity.ts';
import type { Deps } from '../model/deps.ts';
import type { Http } from '../model/http.ts';
import { type Failure, isFailure } from '../model/failure.ts';
import type { StatusRow } from './account-status.ts';
import { accessOf } from './authority.ts';
import { mismatchOf } from './mismatch.ts';

/** A row after it was asked about, with the failure itself for the verdict. */
export interface Checked extends StatusRow {
  readonly failure: Failure | undefined;
}

async function check(row: StatusRow, http: Http, deps: Deps): Promise<Checked> {
  const { status, resolution } = row;
  if (resolution === null || resolution.target.provider.identity === null) return { ...row, status: { ...status, check: null }, failure: undefined };
  try {
    const answer = await askIdentity(await accessOf(resolution, deps, http));
    if (answer.kind === 'unproved') return { ...row, status: { ...status, check: null }, failure: undefined };
    const identity = answer.kind === 'known' ? answer.identity : null;
    return { ...row, status: { ...status, identity, check: { kind: 'accepted', identity } }, failure: undefined };
  } catch (thrown) {
    if (!isFailure(thrown) || thrown.code === 'cancelled') throw thrown;
    return { ...row, status: { ...status, check: { kind: 'failed', code: thrown.code, detail: thrown.detail } }, failure: thrown };
  }
}

/** Whose the hidden sign-in is: what its provider just said, else what it said at the sign-in. */
function withMismatch(row: Checked, all: readonly Checked[]): Checked {
  const { status, record } = row;
  if (status.source !== 'variable' || status.identity === null || record === undefined) return row;
  const hidden = all.find((other) => other.status.source === 'stored' && other.record === record)?.status.identity ?? record.identity;
  const differsFrom = mismatchOf(status.identity, { account: record.account, identity: hidden });
  return differsFrom === undefined ? row : { ...row, status: { ...status, differsFrom } };
}

/** Asks the provider of each row whether it accepts the credential, and whose it is. A failure becomes a part of its row; only `cancelled` is thrown. */
export async function checkAll(rows: readonly StatusRow[], deps: Deps): Promise<readonly Checked[]> {
  const http = rows.filter((row) => row.resolution !== null).length > 1 ? await deps.bulkHttp() : deps.http;
  const checked = await Promise.all(rows.map((row) => check(row, http, deps)));
  return checked.map((row) => withMismatch(row, checked));
}
