import { Failure } from '../model/failure.ts';
import type { FieldPath } from './provider.ts';

/**
 * Readers of replies. What comes from a server is `unknown` until one of these has looked at it. Whatever does not fit is
 * `unexpected-answer` and names the field; the value itself is never shown, since it may hold a key.
 */

/** The times that a provider may name: up to 9999-12-31T23:59:59Z, the last year that RFC 3339 can write. */
const LAST_TIME = 253_402_300_799_000;

/** Nothing but dots would be another place in an address. */
const ID = /^(?!\.+$)[A-Za-z0-9._~@:+=-]{1,200}$/;

export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The value at a path; undefined where any step is missing. Only own fields count. What every object inherits is an object or a
 * function, so that anything else is known to be its own without a look at the names: a list asks for a million values.
 */
export function valueAt(body: unknown, path: FieldPath): unknown {
  let value = body;
  for (const name of path) {
    if (!isFields(value)) return undefined;
    const found: unknown = value[name];
    if ((typeof found === 'object' || typeof found === 'function') && found !== null && !Object.hasOwn(value, name)) return undefined;
    value = found;
  }
  return value;
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

/** A time as `toISOString` writes it, but for its fraction, on one of the days that every month has. */
const PLAIN_TIME = /^(?:19[7-9]\d|[2-9]\d{3})-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{3})?Z$/;

const EPOCH = '1970-01-01T00:00:00.000Z';

/** RFC 3339 in UTC with milliseconds; null for no later than 1970 begins, undefined for what is no time. Most servers write what is to be said already. */
function timeIn(text: string): string | null | undefined {
  if (PLAIN_TIME.test(text)) {
    const whole = text.length === EPOCH.length ? text : `${text.slice(0, -1)}.000Z`;
    return whole === EPOCH ? null : whole;
  }
  const time = Date.parse(text);
  if (Number.isNaN(time) || time > LAST_TIME) return undefined;
  return time <= 0 ? null : new Date(time).toISOString();
}

/** A class, since a list makes one for every element: an object of functions is ten times as large, and takes as much longer to make. */
class Part implements Reply {
  private readonly body: unknown;
  private readonly what: string;
  private readonly at: FieldPath;
  /** Which element of a list it is that lies at `at`. */
  private readonly index: number | undefined;

  constructor(body: unknown, what: string, at: FieldPath, index?: number) {
    this.body = body;
    this.what = what;
    this.at = at;
    this.index = index;
  }

  private place(path: FieldPath): FieldPath {
    return [...this.at, ...(this.index === undefined ? [] : [String(this.index)]), ...path];
  }

  private misfit(path: FieldPath): Failure {
    const field = this.place(path).join('.');
    return new Failure('unexpected-answer', {
      detail: `The answer to "${this.what}" does not fit: ${field === '' ? 'it is not what was expected' : `field "${field}" is missing or of the wrong kind`}.`,
      hint: 'The provider may have changed its API, or the address leads to something else. Check the API address; a newer keywright may know the change.',
    });
  }

  value(...path: FieldPath): unknown {
    return valueAt(this.body, path);
  }

  text(...path: FieldPath): string {
    const found = valueAt(this.body, path);
    if (typeof found !== 'string') throw this.misfit(path);
    return found;
  }

  textOrNull(...path: FieldPath): string | null {
    const found = valueAt(this.body, path) ?? null;
    if (found !== null && typeof found !== 'string') throw this.misfit(path);
    return found === '' ? null : found;
  }

  id(...path: FieldPath): string {
    const found = valueAt(this.body, path);
    const id = typeof found === 'number' && Number.isSafeInteger(found) && found >= 0 ? String(found) : found;
    if (typeof id !== 'string' || !ID.test(id)) throw this.misfit(path);
    return id;
  }

  yesOrNo(...path: FieldPath): boolean {
    const found = valueAt(this.body, path);
    if (typeof found !== 'boolean') throw this.misfit(path);
    return found;
  }

  timeOrNull(...path: FieldPath): string | null {
    const found = valueAt(this.body, path) ?? '';
    if (found === '') return null;
    const time = typeof found === 'string' ? timeIn(found) : undefined;
    if (time === undefined) throw this.misfit(path);
    return time;
  }

  texts(...path: FieldPath): readonly string[] {
    const found = valueAt(this.body, path) ?? [];
    if (!Array.isArray(found)) throw this.misfit(path);
    return found.map((item: unknown, index) => {
      if (typeof item !== 'string') throw this.misfit([...path, String(index)]);
      return item;
    });
  }

  each(...path: FieldPath): readonly Reply[] {
    const found = valueAt(this.body, path);
    if (found === null) return [];
    if (!Array.isArray(found)) throw this.misfit(path);
    const at = this.place(path);
    return found.map((item: unknown, index) => new Part(item, this.what, at, index));
  }

  eachOrNone(...path: FieldPath): readonly Reply[] {
    return (valueAt(this.body, path) ?? null) === null ? [] : this.each(...path);
  }

  objectOrNull(...path: FieldPath): Fields | null {
    const found = valueAt(this.body, path) ?? null;
    if (found !== null && !isFields(found)) throw this.misfit(path);
    return found;
  }
}

/** Begins to read a body. `what` names the request in a failure, `at` the place in a greater body. */
export function replyOf(body: unknown, what: string, at: FieldPath = []): Reply {
  return new Part(body, what, at);
}

/** A text out of an error body, of which nothing can be expected. */
export function textIn(body: unknown, path: FieldPath): string | null {
  const value = valueAt(body, path);
  return typeof value === 'string' && value !== '' ? value : null;
}
