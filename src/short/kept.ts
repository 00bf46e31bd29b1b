import { createAccountIndex } from '../adapters/accounts.ts';
import type { Paths } from '../adapters/path-rules.ts';
import { createSettings } from '../adapters/settings.ts';
import type { Facts } from '../flows/decision/facts.ts';
import { accountsDir, settingsFile } from '../world/kept-here.ts';

/** What this machine remembers and what was chosen on it. Undefined where there is something to say of it. */
export async function kept(paths: Paths): Promise<Pick<Facts, 'records' | 'defaults'> | undefined> {
  const said: string[] = [];
  const warn = (line: string): void => void said.push(line);
  const records = await createAccountIndex({ dir: accountsDir(paths), warn }).list();
  const defaults = await createSettings({ path: settingsFile(paths), warn }).read();
  return said.length === 0 ? { records, defaults } : undefined;
}
