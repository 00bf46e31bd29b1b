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
  if (hidden.length > 0) return { kind: 'mistaken', mistakes: hidden.map(({ path, message }) => ({ path: shown(path), message })) };
  const rest = structuredClone(value);
  const strange: Issue[] = [];
  for (;;) {
    const result = v.safeParse(definitionSchema, rest);
    if (result.success && strange.length === 0) return { kind: 'fits', definition: result.output };
    const issues: readonly Issue[] = result.issues ?? [];
    const found = issues.filter(isStrange);
    if (found.length === 0 || strange.length > MOST_MISTAKES) {
      return { kind: 'mistaken', mistakes: [...strange, ...issues].slice(0, MOST_MISTAKES).map(mistakeOf) };
    }
    // The library tells one field too many of each object; without those that are known it tells the next.
    strange.push(...found);
    for (const issue of found) takeOut(issue);
  }
}

type Issue = v.InferIssue<typeof definitionSchema>;

function isStrange({ type, expected }: Issue): boolean {
  return type === 'strict_object' && expected === 'never';
}

function takeOut({ path }: Issue): void {
  const last = path?.at(-1);
  if (typeof last?.input === 'object' && last.input !== null && typeof last.key === 'string') Reflect.deleteProperty(last.input, last.key);
}

/** Where lists may stand. The library takes a list for an object that has no fields. */
const LISTS = /^(?:oauth\.scopes|keys\.create\.(?:takes\.(?:scopes|read_only)|body\..+))$/;

/** What no schema of this library sees: names that every object has by birth, lists in place of objects, and a depth that would exhaust it. */
function hiddenMistakes(value: unknown): readonly Mistake[] {
  const mistakes: Mistake[] = [];
  const left: Array<{ readonly value: unknown; readonly path: readonly string[] }> = [{ value, path: [] }];
  for (let next = left.pop(); next !== undefined && mistakes.length < MOST_MISTAKES; next = left.pop()) {
    const { value: found, path } = next;
    if (typeof found !== 'object' || found === null) continue;
    if (path.length >= DEEPEST) return [{ path: '', message: `goes deeper than ${DEEPEST} levels` }];
    if (Array.isArray(found) && !LISTS.test(path.join('.'))) {
      mistakes.push({ path: path.join('.'), message: 'must not be a list' });
      continue;
    }
    for (const [name, inside] of Object.entries(found)) {
      if (UNSAFE_NAMES.includes(name)) mistakes.push({ path: [...path, name].join('.'), message: 'is not a name that a field can have' });
      else left.push({ value: inside, path: [...path, name] });
    }
  }
  return mistakes;
}

function mistakeOf(issue: Issue): Mistake {
  return { path: shown(v.getDotPath(issue) ?? ''), message: wordsOf(issue) };
}

/** Names that no field has may hold anything, and are printed. */
function shown(path: string): string {
  const plain = path.replace(/[^\x20-\x7e]/g, '?');
  return plain.length > 100 ? `${plain.slice(0, 97)}...` : plain;
}

function wordsOf(issue: Issue): string {
  const { kind, expected, input, message } = issue;
  if (kind === 'validation') return message;
  // The words that were written for it do not begin like the library's own, which would repeat what the file holds.
  if (message.startsWith('must ')) return message;
  if (isStrange(issue)) return 'is no field of a definition';
  if (input === undefined) return 'is missing';
  return `must be ${kindsIn(expected)}`;
}

/** What the library expects, in plain words. */
function kindsIn(expected: string | null): string {
  const words: Readonly<Record<string, string>> = { string: 'a text', number: 'a number', boolean: 'true or false', Object: 'an object', Array: 'a list' };
  const parts = (expected ?? 'something else').replace(/[()]/g, '').split(' | ');
  return parts.map((part) => words[part] ?? part).join(' or ');
}
