import { Failure } from '../model/failure.ts';
import type { FieldPath } from './provider.ts';

/**
 * Readers of replies. What comes from a server is `unknown` until one of these has looked at it. Whatever does not fit is
 * `unexpected-answer` and names the field; the value itself is never shown, since it may hold a key.
 */

/** The times that a provider may name: up to the last year that RFC 3339 can write. */
const LAST_TIME = Date.parse('9999-12-31T23:59:59Z');

const ID = /^[A-Za-z0-9._~@:+=-]{1,200}$/;

export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a path; undefined where any step is missing. Only own fields count. */
export function valueAt(body: unknown, path: FieldPath): unknown {
  return path.reduce<unknown>((value, name) => (isFields(value) && Object.hasOwn(value, name) ? value[name] : undefined), body);
}

/** Levels that a value may have inside of each other. No API has nearly as many, and what looks through all of them would end before its work is done. */
const DEEPEST = 500;

/** Whether a value is nested so deeply that whatever goes through it level by level cannot. Fields that are named are read all the same. */
export function isTooDeep(value: unknown): boolean {
  let level: readonly unknown[] = [value];
  for (let depth = 0; depth < DEEPEST; depth += 1) {
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []));
    if (level.length === 0) return false;
  }
  return true;
}

/** A reply, or a part of one, to be read field by field. No path means the part itself. */
export interface Reply {
  /** What lies at a path, as it is. */
  value(...path: FieldPath): unknown;
  text(...path: FieldPath): string;
  /** Null where it is missing, null or empty. */
  textOrNull(...path: FieldPath): string | null;
  /** An id that can stand in an address as one segment, and in a table. A whole number counts as its digits. */
  id(...path: FieldPath): string;
  yesOrNo(...path: FieldPath): boolean;
  /** RFC 3339 in UTC. Null, nothing, and the zero times that some servers write for "never" become null. */
  timeOrNull(...path: FieldPath): string | null;
  /** Empty where it is missing or null. */
  texts(...path: FieldPath): readonly string[];
  /** The elements of a list. Empty where the list is null; a list that is missing does not fit. */
  each(...path: FieldPath): readonly Reply[];
  /** As `each`, but a list that is missing is empty. */
  eachOrNone(...path: FieldPath): readonly Reply[];
  /** An object as it is; null where it is missing or null. */
  objectOrNull(...path: FieldPath): Fields | null;
}

/** Begins to read a body. `what` names the request in a failure, `at` the place in a greater body. */
export function replyOf(body: unknown, what: string, at: FieldPath = []): Reply {
  const misfit = (path: FieldPath): Failure => {
    const field = [...at, ...path].join('.');
    return new Failure('unexpected-answer', {
      detail: `The answer to "${what}" does not fit: ${field === '' ? 'it is not what was expected' : `field "${field}" is missing or of the wrong kind`}.`,
      hint: 'The provider may have changed its API, or the address leads to something else. Check the API address; a newer keywright may know the change.',
    });
  };
  const value = (...path: FieldPath): unknown => valueAt(body, path);
  const isAbsent = (path: FieldPath): boolean => (value(...path) ?? null) === null;
  const text = (...path: FieldPath): string => {
    const found = value(...path);
    if (typeof found !== 'string') throw misfit(path);
    return found;
  };
  const textOrNull = (...path: FieldPath): string | null => (isAbsent(path) ? null : text(...path) || null);
  const each = (...path: FieldPath): readonly Reply[] => {
    const found = value(...path);
    if (found === null) return [];
    if (!Array.isArray(found)) throw misfit(path);
    return found.map((item: unknown, index) => replyOf(item, what, [...at, ...path, String(index)]));
  };
  return {
    value,
    text,
    textOrNull,
    each,
    eachOrNone: (...path) => (isAbsent(path) ? [] : each(...path)),
    id(...path) {
      const found = value(...path);
      const id = typeof found === 'number' && Number.isSafeInteger(found) && found >= 0 ? String(found) : found;
      if (typeof id !== 'string' || !ID.test(id) || /^\.+$/.test(id)) throw misfit(path);
      return id;
    },
    yesOrNo(...path) {
      const found = value(...path);
      if (typeof found !== 'boolean') throw misfit(path);
      return found;
    },
    timeOrNull(...path) {
      const found = textOrNull(...path);
      if (found === null) return null;
      const time = Date.parse(found);
      if (Number.isNaN(time) || time > LAST_TIME) throw misfit(path);
      return time <= 0 ? null : new Date(time).toISOString();
    },
    texts(...path) {
      if (isAbsent(path)) return [];
      const found = value(...path);
      if (!Array.isArray(found)) throw misfit(path);
      return found.map((item: unknown, index) => {
        if (typeof item !== 'string') throw misfit([...path, String(index)]);
        return item;
      });
    },
    objectOrNull(...path) {
      if (isAbsent(path)) return null;
      const found = value(...path);
      if (!isFields(found)) throw misfit(path);
      return found;
    },
  };
}

/** A text out of an error body, of which nothing can be expected. */
export function textIn(body: unknown, path: FieldPath): string | null {
  const value = valueAt(body, path);
  return typeof value === 'string' && value !== '' ? value : null;
}
