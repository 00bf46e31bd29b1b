import { jsonText, snakeName } from './json.ts';

/** About two hundred keys. V8 keeps texts from 128 KB on apart, each in memory that it has to ask for. */
const LONG_BYTES = 2 ** 15;

/** Room for that and a last value; a longer one makes it grow. */
const FIRST_BYTES = 2 * LONG_BYTES;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Makes the texts of many values, and no other garbage than these. */
export interface JsonWriter {
  /** Adds what `jsonText` gives of a value for a pipe. */
  value(value: unknown): void;
  /** Adds a comma or an end of line. */
  mark(mark: ',' | '\n'): void;
  isEmpty(): boolean;
  /** Whether it is time to take what there is: more would only be held and copied. */
  isLong(): boolean;
  /** What was added since it was taken last. */
  take(): string;
}

/** A name as it stands in JSON after another field. */
interface Name {
  readonly before: Uint8Array;
  /** With its value, which it has in most fields of most keys. */
  readonly ofNull: Uint8Array;
}

const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'utf8');

const [NULL, TRUE, FALSE] = [bytesOf('null'), bytesOf('true'), bytesOf('false')];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
const COMMA = 0x2c;

/**
 * `jsonText` for long lists: byte by byte into room that is used again and again. A copy of every object with other names, and a text of
 * each, are most of the garbage of a list otherwise, and take three times as long.
 */
export function createJsonWriter(): JsonWriter {
  const names = new Map<string, Name>();
  let room = Buffer.allocUnsafeSlow(FIRST_BYTES);
  let at = 0;
  /** The quicker one, for as long as there is nothing but ASCII. */
  let encoding: 'latin1' | 'utf8' = 'latin1';

  function makeRoom(bytes: number): void {
    if (at + bytes <= room.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(2 * room.length, at + bytes));
    room.copy(larger, 0, 0, at);
    room = larger;
  }

  function byte(value: number): void {
    makeRoom(1);
    room[at] = value;
    at += 1;
  }

  function bytes(added: Uint8Array): void {
    const { length } = added;
    makeRoom(length);
    // Held here, since what a function shares with others is looked up anew for every byte.
    const [into, from] = [room, at];
    for (let index = 0; index < length; index += 1) into[from + index] = added[index] ?? 0;
    at = from + length;
  }

  function anything(text: string): void {
    encoding = 'utf8';
    bytes(bytesOf(text));
  }

  function string(text: string): void {
    const { length } = text;
    makeRoom(length + 2);
    const [into, from] = [room, at + 1];
    for (let index = 0; index < length; index += 1) {
      const unit = text.charCodeAt(index);
      if (unit < 0x20 || unit > 0x7e || unit === QUOTE || unit === BACKSLASH) return anything(jsonText(text, false));
      into[from + index] = unit;
    }
    into[at] = QUOTE;
    into[from + length] = QUOTE;
    at = from + length + 1;
  }

  function nameOf(name: string): Name {
    const known = names.get(name);
    if (known !== undefined) return known;
    const text = `,${jsonText(snakeName(name), false)}:`;
    const made = { before: bytesOf(text), ofNull: bytesOf(`${text}null`) };
    if (made.before.length > text.length) encoding = 'utf8';
    names.set(name, made);
    return made;
  }

  function list(values: readonly unknown[]): void {
    byte(OPEN_LIST);
    for (let index = 0; index < values.length; index += 1) {
      if (index > 0) byte(COMMA);
      value(isSaid(values[index]) ? values[index] : null);
    }
    byte(CLOSE_LIST);
  }

  function object(fields: Readonly<Record<string, unknown>>): void {
    const from = at;
    // Plain objects inherit nothing that is listed here, and no list of the names has to be made.
    for (const name in fields) {
      const inner = fields[name];
      if (!isSaid(inner)) continue;
      const { before, ofNull } = nameOf(name);
      if (inner === null) bytes(ofNull);
      else {
        bytes(before);
        value(inner);
      }
    }
    if (at === from) byte(OPEN_OBJECT);
    else room[from] = OPEN_OBJECT;
    byte(CLOSE_OBJECT);
  }

  function value(given: unknown): void {
    if (typeof given === 'string') string(given);
    else if (given === null) bytes(NULL);
    else if (typeof given === 'boolean') bytes(given ? TRUE : FALSE);
    else if (Array.isArray(given)) list(given);
    else if (isObject(given)) object(given);
    else anything(jsonText(given, false));
  }

  return {
    value,
    mark: (mark) => byte(mark.charCodeAt(0)),
    isEmpty: () => at === 0,
    isLong: () => at >= LONG_BYTES,
    take: () => {
      const text = room.toString(encoding, 0, at);
      at = 0;
      return text;
    },
  };
}

/** Whether it is an object whose fields are what JSON says of it. */
function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !('toJSON' in value);
}

/** Whether JSON has a word for it: of anything else an object says nothing, and a list `null`. */
function isSaid(value: unknown): boolean {
  return value !== undefined && typeof value !== 'function' && typeof value !== 'symbol';
}
