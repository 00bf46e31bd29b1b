import { Failure } from '../../model/failure.ts';
import { plainText } from '../../render/plain-text.ts';

export type FieldValue = string | number | boolean | null;

/** A field of a request: a name, which may lead inwards (`a[b]`, `a[]`), and a value. */
export interface Field {
  readonly name: string;
  readonly value: FieldValue;
}

/** Steps that a name may lead inwards; more is no request that anybody means. */
const DEEPEST = 16;

/** RFC 8259 section 6. */
const NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;

/** Numbers, true, false and null are what they look like. A number that programs cannot hold exactly stays text, so that no digit is lost. */
function typed(text: string): FieldValue {
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === 'null') return null;
  const number = NUMBER.test(text) ? Number(text) : Number.NaN;
  const exact = Number.isInteger(number) ? Number.isSafeInteger(number) : Number.isFinite(number);
  return exact ? number : text;
}

/** Splits `name=value`. What stands after the sign is not repeated in a failure: it may be meant for nobody's eyes. */
export function namedText(word: string, flag: string): { readonly name: string; readonly text: string } {
  const sign = word.indexOf('=');
  if (sign > 0) return { name: word.slice(0, sign), text: word.slice(sign + 1) };
  throw new Failure('usage', { detail: `${flag} takes a name, an equals sign and a value.`, hint: `Such as: ${flag} name=value` });
}

/** Reads `name=value`, the value typed by its looks. */
export function typedField(word: string, flag: string): Field {
  const { name, text } = namedText(word, flag);
  return { name, value: typed(text) };
}

/** The fields as a query, their names as they were given. */
export function queryOf(fields: readonly Field[]): string {
  return new URLSearchParams(fields.map(({ name, value }): [string, string] => [name, String(value)])).toString();
}

type Tree = Map<string, Tree | FieldValue[] | FieldValue>;

function refuse(name: string, why: string): never {
  throw new Failure('usage', {
    detail: `The field "${plainText(name, 60)}" ${why}.`,
    hint: 'Write a=1, a[b]=1 for an object inside, a[]=1 for each element of a list.',
  });
}

/** `a[b][]` as `a`, `b` and an empty step, which means one more element. */
function stepsOf(name: string): readonly [string, ...string[]] {
  const [, first, inner = ''] = /^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(name) ?? [];
  if (first === undefined) return refuse(name, 'has brackets that do not fit');
  const steps = [...inner.matchAll(/\[([^[\]]*)\]/g)].map(([, step]) => step ?? '');
  if (steps.slice(0, -1).includes('')) return refuse(name, 'has an empty step in the middle');
  if (steps.length >= DEEPEST) return refuse(name, 'leads too far inwards');
  return [first, ...steps];
}

function put(tree: Tree, [step, ...rest]: readonly [string, ...string[]], { name, value }: Field): void {
  const [next, ...after] = rest;
  const there = tree.get(step);
  if (next === undefined) {
    if (tree.has(step)) refuse(name, 'is given twice');
    tree.set(step, value);
  } else if (next === '') {
    if (there !== undefined && !Array.isArray(there)) refuse(name, 'is a list here and something else there');
    tree.set(step, [...(there ?? []), value]);
  } else {
    if (there !== undefined && !(there instanceof Map)) refuse(name, 'is an object here and something else there');
    const inner: Tree = there ?? new Map();
    tree.set(step, inner);
    put(inner, [next, ...after], { name, value });
  }
}

const plain = (tree: Tree): Readonly<Record<string, unknown>> =>
  Object.fromEntries([...tree].map(([name, value]) => [name, value instanceof Map ? plain(value) : value]));

/** The fields as one object, for a JSON body. Names that contradict each other are `usage`. */
export function objectOf(fields: readonly Field[]): Readonly<Record<string, unknown>> {
  const tree: Tree = new Map();
  for (const field of fields) put(tree, stepsOf(field.name), field);
  return plain(tree);
}
