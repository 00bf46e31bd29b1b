import { parse } from 'smol-toml';

import { isFields, isTooDeep, type Fields } from '../../providers/read.ts';
import type { Untouchable } from './entry.ts';
import { TOO_DEEP, UNSAFE, UNSAFE_NAME, untouchable } from './untouchable.ts';

/** Levels of brackets that the parser follows. */
const DEEPEST = 500;

/** Reads a file exactly: whole numbers as BigInt, so that two that differ are never taken for one. */
export function readToml(text: string): { readonly kind: 'document'; readonly content: Fields } | Untouchable {
  let content: unknown;
  try {
    content = parse(text, { integersAsBigInt: true, maxDepth: DEEPEST });
  } catch (thrown) {
    const line = isFields(thrown) && typeof thrown['line'] === 'number' ? `: see line ${thrown['line']}` : '';
    return untouchable(`it is no valid TOML${line}`);
  }
  if (!isFields(content)) return untouchable('it is no valid TOML');
  if (isTooDeep(content)) return untouchable(TOO_DEEP);
  return hasUnsafeName(content) ? untouchable(UNSAFE) : { kind: 'document', content };
}

/** The value at a path; undefined where a step is missing. */
export function at(content: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, name) => (isFields(value) && Object.hasOwn(value, name) ? value[name] : undefined), content);
}

/** Everything but the entry at `path`. Tables on the path that hold nothing else are left out. */
export function foreignPart(content: Fields, path: readonly string[]): Fields {
  const [step, ...rest] = path;
  const kept = Object.entries(content).flatMap(([name, value]): ReadonlyArray<readonly [string, unknown]> => {
    if (name !== step) return [[name, value]];
    if (rest.length === 0) return [];
    const inner = isFields(value) ? foreignPart(value, rest) : value;
    return isFields(inner) && Object.keys(inner).length === 0 ? [] : [[name, inner]];
  });
  return Object.fromEntries(kept);
}

/** The value for others: whole numbers as numbers where they fit. */
export function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Date || !isFields(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
}

function hasUnsafeName(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasUnsafeName);
  return isFields(value) && Object.entries(value).some(([name, inner]) => name === UNSAFE_NAME || hasUnsafeName(inner));
}
