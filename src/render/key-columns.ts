import type { ApiKey } from '../model/api-key.ts';
import type { Column } from './table.ts';

/** The columns of keys, always the same and in this order, so that a script may count on them. `time` puts a time into words. */
export const keyColumns = (time: (value: string | null) => string): ReadonlyArray<Column<ApiKey>> => [
  { title: 'ID', cell: (key) => key.id },
  { title: 'NAME', cell: (key) => key.name ?? '' },
  { title: 'PREFIX', cell: (key) => key.prefix ?? '' },
  { title: 'SCOPES', cell: (key) => key.scopes.join(',') },
  { title: 'AGENT', cell: (key) => key.agent ?? '' },
  { title: 'CREATED', cell: (key) => time(key.createdAt) },
  { title: 'EXPIRES', cell: (key) => time(key.expiresAt) },
  { title: 'LAST USED', cell: (key) => time(key.lastUsedAt) },
];
