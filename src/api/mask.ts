import { Failure } from '../model/failure.ts';
import type { Secret } from '../model/secret.ts';
import { isTooDeep } from '../providers/read.ts';

const HIDDEN = '[secret]';

/** Values shorter than this stand in ordinary words too; they are hidden only where they stand alone. */
const SHORT = 4;

/** Hides secrets in what a server says. */
export interface Mask {
  readonly text: (text: string) => string;
  /** Every string of a parsed body, names included. `unexpected-answer` where it is nested too deeply to be looked through. */
  readonly json: (value: unknown) => unknown;
  /** A body as it came: left alone where there is nothing to hide. */
  readonly body: (text: string) => string;
}

/** The ways in which a server may write a value: as it is, inside of a JSON string, and in an address. */
function spellings(value: string): readonly string[] {
  const inJson = JSON.stringify(value).slice(1, -1);
  // Half of a surrogate pair has no form in an address. A class of Unicode in place of the range takes a fresh process ten times as long.
  const inAddress = /[\ud800-\udfff]/u.test(value) ? value : encodeURIComponent(value);
  return [value, inJson, inJson.replaceAll('/', '\\/'), inAddress];
}

function hider(spelling: string): (text: string) => string {
  if (spelling.length >= SHORT) return (text) => text.replaceAll(spelling, HIDDEN);
  const alone = new RegExp(`(?<![A-Za-z0-9])${spelling.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')}(?![A-Za-z0-9])`, 'g');
  return (text) => text.replace(alone, HIDDEN);
}

/** A mask for these values, which a server was sent and might repeat. An empty value hides nothing. */
export function maskOf(secrets: readonly Secret[]): Mask {
  const values = new Set(secrets.flatMap((secret) => spellings(secret.reveal())));
  // The longest first: a value may be a part of another.
  const hiders = [...values]
    .filter((value) => value !== '')
    .sort((one, other) => other.length - one.length)
    .map(hider);
  const text = (words: string): string => hiders.reduce((before, hide) => hide(before), words);
  const hidden = (value: unknown): unknown => {
    if (typeof value === 'string') return text(value);
    if (Array.isArray(value)) return value.map(hidden);
    if (typeof value === 'number') return text(String(value)) === String(value) ? value : HIDDEN;
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [text(name), hidden(inner)]));
  };
  const json = (value: unknown): unknown => {
    if (!isTooDeep(value)) return hidden(value);
    throw new Failure('unexpected-answer', { detail: 'The answer is nested too deeply to be looked through.', hint: 'Check the API address.' });
  };
  const body = (words: string): string => {
    const masked = text(words);
    // Only an escape can still spell a value in another way, such as \u0061 for a letter.
    const spelled = masked.includes('\\') ? parsed(masked) : undefined;
    if (spelled === undefined) return masked;
    const without = JSON.stringify(json(spelled));
    return without === JSON.stringify(spelled) ? masked : without;
  };
  return { text, json, body };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
