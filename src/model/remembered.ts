/**
 * What only this machine knows, and completion asks the program for with `keywright __complete`. The answer comes out of small files,
 * never from the network or a store.
 */
export const REMEMBERED = ['key-ids', 'key-names', 'accounts', 'grants', 'agents', 'providers', 'sign-ins'] as const;

export type Remembered = (typeof REMEMBERED)[number];
