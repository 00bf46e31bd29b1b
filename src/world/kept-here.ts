import type { Paths } from '../adapters/path-rules.ts';

/*
 * Where lies what every decision looks at: what this machine remembers of accounts, what was chosen on it, and the person's own providers,
 * a file each.
 */

export const accountsDir = ({ state }: Pick<Paths, 'state'>): string => `${state}/accounts`;

export const settingsFile = ({ config }: Pick<Paths, 'config'>): string => `${config}/settings.json`;

export const definitionsDir = ({ config }: Pick<Paths, 'config'>): string => `${config}/providers`;
