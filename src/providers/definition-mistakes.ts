import * as v from 'valibot';
import { type Definition, definitionSchema } from './definition-schema.ts';

/** What is wrong with a definition, and where: names with dots between them, as in `keys.create.path`; empty for the whole. */
export interface Mistake {
  readonly path: string;
  readonly message: string;
}

export type Judged = { readonly kind: 'fits'; readonly definition: Definition } | { readonly kind: 'mistaken'; readonly mistakes: readonly Mistake[] };

/** Far more than the format needs. What is deeper is not looked at, since looking itself could fail. */
const DEEPEST = 16;

/** A file that is wrong throughout says nothing more after these. */
const MOST_MISTAKES = 50;

const UNSAFE_NAMES: readonly string[] = ['__proto__', 'prototype', 'constructor'];

/** Holds a parsed file against the schema. Nothing that the file holds is repeated but the names of its fields. */
export function judge(value: unknown): Judged {
  const hidden = hiddenMistakes(value);
  if (hidden.length > 0) return { kind: 'mistaken', mistakes: hidden };
  const result = v.safeParse(definitionSchema, value);
  if (result.success) return { kind: 'fits', definition: result.output };
  return { kind: 'mistaken', mistakes: result.issues.slice(0, MOST_MISTAKES).map(mistakeOf) };
}

/** What no schema of this library sees: names that every object has by birth, and a depth that would exhaust it. */
function hiddenMistakes(value: unknown): readonly Mistake[] {
  const mistakes: Mistake[] = [];
  const left: Array<{ readonly value: unknown; readonly path: readonly string[] }> = [{ value, path: [] }];
  for (let next = left.pop(); next !== undefined && mistakes.length < MOST_MISTAKES; next = left.pop()) {
    const { value: found, path } = next;
    if (typeof found !== 'object' || found === null) continue;
    if (path.length >= DEEPEST) return [{ path: '', message: `goes deeper than ${DEEPEST} levels` }];
    for (const [name, inside] of Object.entries(found)) {
      if (UNSAFE_NAMES.includes(name)) mistakes.push({ path: [...path, name].join('.'), message: 'is not a name that a field can have' });
      else left.push({ value: inside, path: [...path, name] });
    }
  }
  return mistakes;
}

function mistakeOf(issue: v.InferIssue<typeof definitionSchema>): Mistake {
  return { path: v.getDotPath(issue) ?? '', message: wordsOf(issue) };
}

function wordsOf({ kind, type, expected, input, message }: v.InferIssue<typeof definitionSchema>): string {
  if (kind === 'validation') return message;
  // The words that were written for it do not begin like the library's own, which would repeat what the file holds.
  if (message.startsWith('must ')) return message;
  if (type === 'strict_object' && expected === 'never') return 'is no field of a definition';
  if (input === undefined) return 'is missing';
  return `must be ${kindsIn(expected)}`;
}

/** What the library expects, in plain words. */
function kindsIn(expected: string | null): string {
  const words: Readonly<Record<string, string>> = { string: 'a text', number: 'a number', boolean: 'true or false', Object: 'an object', Array: 'a list' };
  const parts = (expected ?? 'something else').replace(/[()]/g, '').split(' | ');
  return parts.map((part) => words[part] ?? part).join(' or ');
}
