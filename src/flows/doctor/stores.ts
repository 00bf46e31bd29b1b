import type { StoreName } from '../../model/credentials.ts';
import { isFailure } from '../../model/failure.ts';
import { plainText } from '../../render/plain-text.ts';
import { rfc3339 } from '../../render/time.ts';
import { lockName } from '../credential-lock.ts';
import { chosenStore } from '../stored.ts';
import { type CheckDeps, type Finding, ok, problem, warning } from './finding.ts';

/** No refresh takes that long with all its limits; a line that is older tells of one that was cut off. */
const STALE_MS = 5 * 60_000;

const NAMES: Readonly<Record<StoreName, string>> = { keychain: 'the keychain', file: 'the encrypted file' };

async function checkStore(name: StoreName, isUsed: boolean, deps: Pick<CheckDeps, 'store'>): Promise<Finding> {
  const use = isUsed ? 'your sign-ins are there' : 'the next sign-in would go there';
  try {
    await (await deps.store(name)).probe();
    return ok('store-usable', `A value can be written to ${NAMES[name]}, read back and deleted; ${use}.`);
  } catch (thrown) {
    if (!isFailure(thrown) || thrown.code === 'cancelled') throw thrown;
    const what = `${NAMES[name].replace(/^t/, 'T')} cannot be used (${thrown.code}; ${use}): ${thrown.detail}`;
    const fix = thrown.hint ?? 'Put right what the finding names.';
    return isUsed ? problem('store-usable', what, fix) : warning('store-usable', what, fix);
  }
}

/** The stores that sign-ins are in; where there is none, the one that the next would go to. */
export async function checkStores(deps: Pick<CheckDeps, 'store' | 'accounts' | 'env'>): Promise<readonly Finding[]> {
  const used = new Set((await deps.accounts.list()).map((record) => record.store));
  if (used.size > 0) return Promise.all([...used].sort().map((name) => checkStore(name, true, deps)));
  try {
    return [await checkStore(chosenStore(undefined, deps.env), false, deps)];
  } catch (thrown) {
    if (!isFailure(thrown) || thrown.code === 'cancelled') throw thrown;
    return [problem('store-usable', thrown.detail, thrown.hint ?? '')];
  }
}

export async function checkQueue({ revocations }: Pick<CheckDeps, 'revocations'>): Promise<readonly Finding[]> {
  const waiting = await revocations.list();
  if (waiting.length === 0) return [ok('revocation-queue', 'No token waits to be revoked.')];
  const owners = [...new Set(waiting.map(({ provider, origin }) => `${plainText(provider, 40)} at ${plainText(origin, 100)}`))].join(', ');
  const many = waiting.length === 1 ? '1 token is' : `${waiting.length} tokens are`;
  return [
    warning(
      'revocation-queue',
      `${many} still to be revoked and may be valid until then: ${owners}.`,
      'It is tried again by login, logout, "auth status" and "auth revoke-key"; next: keywright auth status',
    ),
  ];
}

/** Refreshes that began and never came to their end, by the journal. The folder is not made for this. */
export async function checkJournal(deps: Pick<CheckDeps, 'accounts' | 'journal' | 'clock' | 'system'>): Promise<readonly Finding[]> {
  const { journals } = deps.system.places;
  if (journals === null || (await deps.system.look(journals)).kind !== 'folder') return [];
  const found: Finding[] = [];
  for (const { provider, origin, account } of await deps.accounts.list()) {
    // A folder that cannot be trusted is a finding of its own.
    const line = await deps.journal.read(lockName({ origin, account })).catch(() => undefined);
    if (line === undefined || deps.clock.now() - line.at < STALE_MS) continue;
    found.push(
      warning(
        'stale-journal',
        `A refresh for ${plainText(provider, 40)} at ${plainText(origin, 100)} (account ${plainText(account, 64)}) began at ${rfc3339(line.at)} and was cut off; its session may be spent.`,
        `See whether it still works: keywright whoami --provider ${plainText(provider, 40)} --account ${plainText(account, 64)}   (if not, sign in again)`,
      ),
    );
  }
  return found.length > 0 ? found : [ok('stale-journal', 'No refresh was cut off.')];
}
