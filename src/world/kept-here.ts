import type { Paths } from '../adapters/path-rules.ts';
import { mayBeThere, mayHoldSomething } from '../adapters/presence.ts';

/*
 * Where lies what every decision looks at: what this machine remembers of accounts, what was chosen on it, and the person's own providers,
 * a file each.
 */

export const accountsDir = ({ state }: Pick<Paths, 'state'>): string => `${state}/accounts`;

export const settingsFile = ({ config }: Pick<Paths, 'config'>): string => `${config}/settings.json`;

export const definitionsDir = ({ config }: Pick<Paths, 'config'>): string => `${config}/providers`;

/** Whether there may be any of it. Where there is none, the environment, the folder and the command line decide alone. */
export function mayHaveASay(paths: Pick<Paths, 'state' | 'config'>): boolean {
  return mayHoldSomething(accountsDir(paths)) || mayBeThere(settingsFile(paths)) || mayHoldSomething(definitionsDir(paths));
}
