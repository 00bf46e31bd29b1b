import type { Deps } from '../../model/deps.ts';

/**
 * What a check looked at. A code is permanent: scripts match on it together with the level, so an entry is never renamed or
 * reused. A check that has nothing to look at gives no finding.
 */
export type FindingCode =
  | 'node-version'
  | 'lock-folder'
  | 'journal-folder'
  | 'state-folder'
  | 'credential-file'
  | 'key-file'
  | 'store-usable'
  | 'session-bus'
  | 'revocation-queue'
  | 'stale-journal'
  | 'loopback'
  | 'browser'
  | 'proxy'
  | 'provider-reachable'
  | 'clock'
  | 'plain-key'
  | 'completion-stale';

export interface Finding {
  readonly code: FindingCode;
  /** `problem`: something does not work or is not safe. `warning`: it may surprise. */
  readonly level: 'ok' | 'warning' | 'problem';
  /** One sentence: what was found. Never a secret. */
  readonly what: string;
  /** One line: what to do; null where nothing needs to be done. */
  readonly fix: string | null;
}

/** All that checks may ask of the world. None of them throws for what it finds. */
export type CheckDeps = Pick<
  Deps,
  | 'env'
  | 'clock'
  | 'configFiles'
  | 'http'
  | 'browser'
  | 'store'
  | 'accounts'
  | 'revocations'
  | 'journal'
  | 'system'
  | 'definitions'
  | 'output'
  | 'completionScripts'
>;

export const ok = (code: FindingCode, what: string): Finding => ({ code, level: 'ok', what, fix: null });
export const warning = (code: FindingCode, what: string, fix: string): Finding => ({ code, level: 'warning', what, fix });
export const problem = (code: FindingCode, what: string, fix: string): Finding => ({ code, level: 'problem', what, fix });
