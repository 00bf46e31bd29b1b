import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export type SecretKind = 'access-token' | 'refresh-token' | 'key' | 'code' | 'client-token' | 'server-context';

/** Every credential that a world came across, to be looked for where none may be. */
export interface KnownSecrets {
  add(kind: SecretKind, value: string | null | undefined): void;
  /** Takes what a reply's body holds under the names that credentials have. */
  addFromReply(body: string): void;
  /** Where known values, or recognisable parts of them, stand in a text; one line each. */
  foundIn(text: string, where: string, permitted?: readonly SecretKind[]): readonly string[];
  /** The same for every regular file below `dir`. */
  foundBelow(dir: string): readonly string[];
}

const NAMES: ReadonlyArray<readonly [RegExp, SecretKind]> = [
  [/"access_token":"([^"]+)"/g, 'access-token'],
  [/"refresh_token":"([^"]+)"/g, 'refresh-token'],
  [/"device_code":"([^"]+)"/g, 'code'],
  [/"key":"([^"]+)"/g, 'key'],
  [/"token":"([^"]+)"/g, 'client-token'],
];

/** A preview may show the first 8 characters and the last 4; what lies between may not come out even in part. */
function telling(value: string): string {
  return value.length >= 28 ? value.slice(8, 24) : value;
}

export function createKnownSecrets(): KnownSecrets {
  const known = new Map<string, SecretKind>();
  const add = (kind: SecretKind, value: string | null | undefined): void => {
    if (typeof value === 'string' && value.length >= 8) known.set(value, kind);
  };
  const foundIn = (text: string, where: string, permitted: readonly SecretKind[] = []): readonly string[] =>
    [...known].filter(([value, kind]) => !permitted.includes(kind) && text.includes(telling(value))).map(([, kind]) => `a ${kind} stands in ${where}`);
  return {
    add,
    addFromReply(body) {
      for (const [pattern, kind] of NAMES) for (const match of body.matchAll(pattern)) add(kind, match[1]);
    },
    foundIn,
    foundBelow: (dir) =>
      readdirSync(dir, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .flatMap((path) => foundIn(readFileSync(path, 'latin1'), path)),
  };
}
