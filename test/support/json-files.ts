import * as fc from 'fast-check';

/**
 * Files as people and programs write them, for properties of the editor: a table `servers` (or none) among other things, and in it
 * the entry `ours` (or not). Comments are numbered, so that each can be looked for afterwards.
 */
export interface JsonFile {
  readonly text: string;
  readonly format: 'json' | 'jsonc';
  readonly hasTable: boolean;
  readonly hasEntry: boolean;
  /** What lies before and behind the value of the entry, where there is one. */
  readonly before: string;
  readonly after: string;
  /** Every property has lines of its own, and every brace ends its line. */
  readonly inLines: boolean;
  readonly lineBreak: string;
}

/** Comments that may go with the entry have this in them. */
export const OWN = 'own';

interface Pen {
  readonly g: fc.GeneratorValue;
  readonly comments: boolean;
  readonly style: 'lines' | 'one-line' | 'wild';
  readonly lineBreak: string;
  readonly unit: string;
  /** The number of the next comment or name. */
  next: number;
  readonly entry: boolean;
}

/** Stands where the value of the entry begins and ends; no file has it. */
const SIGN = '\u0001';

const SCALARS = [
  '1',
  '-0.5e3',
  '12345678901234567890',
  'true',
  'null',
  '"x"',
  '"\\u0041\\n"',
  '"// no comment"',
  '"{"',
  '"\\\\"',
  '"}, \\" /* */"',
  '"\u00e9"',
  '""',
] as const;

const NAMES = ['"a"', '"b c"', '"\\u0063"', '"ser\\u0076ers2"', '"//"', '"constructor"', '"1"', '"\u00fc"', '""', '"ours2"'] as const;

/** Which files are wanted; what is left out may be any. */
interface Wanted {
  readonly has?: ReadonlyArray<'entry' | 'table' | 'nothing'>;
  readonly style?: Pen['style'];
}

/** A file with the entry in it, or with the table alone, or with neither. It cannot be filtered: the generator would give the same file again. */
export function jsonFiles({ has: kinds = ['entry', 'table', 'table', 'nothing'], style }: Wanted = {}): fc.Arbitrary<JsonFile> {
  return fc.gen().map((g) => written(g, g(fc.constantFrom, ...kinds), style ?? g(fc.constantFrom, 'lines', 'lines', 'one-line', 'wild')));
}

function written(g: fc.GeneratorValue, has: 'entry' | 'table' | 'nothing', style: Pen['style']): JsonFile {
  const format = g(fc.constantFrom, 'json', 'jsonc');
  const pen: Pen = {
    g,
    comments: format === 'jsonc' && g(fc.boolean),
    style,
    lineBreak: g(fc.constantFrom, '\n', '\r\n'),
    unit: g(fc.constantFrom, '  ', '    ', '\t', ' '),
    next: 0,
    entry: has === 'entry',
  };
  const mark = g(fc.constantFrom, '', '', '\ufeff');
  const top = pen.comments && g(fc.boolean) ? comment(pen, '') + pen.lineBreak : '';
  const final = g(fc.constantFrom, '', pen.lineBreak, pen.lineBreak + pen.lineBreak);
  const servers = has === 'nothing' ? [] : ['servers'];
  const file = mark + top + object(pen, 0, 'root', servers) + final;
  const [before = '', value, after = ''] = file.split(SIGN);
  return {
    text: value === undefined ? before : before + value + after,
    format,
    hasTable: has !== 'nothing',
    hasEntry: has === 'entry',
    before,
    after,
    inLines: pen.style === 'lines',
    lineBreak: pen.lineBreak,
  };
}

/** A comment that can be followed by anything. */
function comment(pen: Pen, owner: string): string {
  pen.next += 1;
  const label = `${owner}#${pen.next};`;
  return pen.g(fc.constantFrom, `/* ${label} */`, `/*${label} "}" ,${pen.lineBreak} { */`, `// ${label} " { , ${pen.lineBreak}`, `//${label}${pen.lineBreak}`);
}

/** What may stand between two tokens. */
function gap(pen: Pen, indent: string, owner = ''): string {
  if (pen.style !== 'wild') return '';
  const blanks = pen.g(fc.constantFrom, '', '', ' ', '\t', pen.lineBreak, pen.lineBreak + indent, `  ${pen.lineBreak}${pen.lineBreak}`);
  return pen.comments && pen.g(fc.nat, { max: 3 }) === 0 ? blanks + comment(pen, owner) + pen.g(fc.constantFrom, '', ' ', pen.lineBreak + indent) : blanks;
}

/** A comment that ends its line, or nothing. */
function tail(pen: Pen, owner = ''): string {
  if (!pen.comments || pen.g(fc.nat, { max: 3 }) !== 0) return pen.g(fc.constantFrom, '', '', '', '  ');
  pen.next += 1;
  return pen.g(fc.constantFrom, ` // ${owner}#${pen.next}; "`, ` /* ${owner}#${pen.next}; */`, `// ${owner}#${pen.next}; }`);
}

/** Lines of comments, and empty ones, above something. */
function above(pen: Pen, indent: string): string {
  if (pen.g(fc.nat, { max: 3 }) !== 0) return '';
  if (!pen.comments) return pen.lineBreak;
  pen.next += 1;
  return pen.g(fc.constantFrom, `${indent}// #${pen.next}; {${pen.lineBreak}`, `${indent}/* #${pen.next};${pen.lineBreak} x */${pen.lineBreak}`, pen.lineBreak);
}

function value(pen: Pen, depth: number): string {
  const kind = depth > 3 ? 0 : pen.g(fc.nat, { max: 5 });
  if (kind === 4) return array(pen, depth);
  return kind === 5 ? object(pen, depth, 'other', []) : pen.g(fc.constantFrom, ...SCALARS);
}

function array(pen: Pen, depth: number): string {
  const elements = Array.from({ length: pen.g(fc.nat, { max: 3 }) }, () => gap(pen, '') + value(pen, depth + 1) + gap(pen, ''));
  return `[${elements.join(',')}]`;
}

function object(pen: Pen, depth: number, what: 'root' | 'table' | 'other', needed: readonly string[]): string {
  const count = pen.g(fc.nat, { max: 3 });
  const names = what === 'other' ? someNames(pen, count) : someNames(pen, count).filter((name) => name !== '"servers"');
  const all = [...names];
  for (const name of needed) all.splice(pen.g(fc.nat, { max: all.length }), 0, JSON.stringify(name));
  const trailing = pen.comments && all.length > 0 && pen.g(fc.nat, { max: 3 }) === 0;
  const inside = pen.unit.repeat(depth + 1);
  const outside = pen.unit.repeat(depth);
  const properties = all.map((name, index) => {
    const comma = index < all.length - 1 || trailing ? ',' : '';
    const isTable = what === 'root' && name === '"servers"';
    const isOurs = what === 'table' && name === '"ours"';
    const owner = isOurs ? OWN : '';
    const inner = isTable ? object(pen, depth + 1, 'table', pen.entry ? ['ours'] : []) : isOurs ? SIGN + value(pen, depth + 1) + SIGN : value(pen, depth + 1);
    if (pen.style === 'lines') return `${above(pen, inside)}${inside}${name}: ${inner}${comma}${tail(pen, owner)}${pen.lineBreak}`;
    if (pen.style === 'one-line') return `${name}:${pen.unit === ' ' ? ' ' : ''}${inner}${comma}${comma !== '' && pen.unit === ' ' ? ' ' : ''}`;
    return (
      gap(pen, inside) +
      name +
      gap(pen, inside, owner) +
      ':' +
      gap(pen, inside, owner) +
      inner +
      gap(pen, inside, owner) +
      comma +
      (isOurs ? gap(pen, '', owner) + pen.lineBreak : '')
    );
  });
  if (pen.style === 'lines')
    return properties.length === 0
      ? pen.g(fc.constantFrom, '{}', '{}', '{ }', `{${pen.lineBreak}${outside}}`)
      : `{${tail(pen)}${pen.lineBreak}${properties.join('')}${outside}}`;
  return `{${pen.style === 'one-line' && pen.unit === ' ' ? ' ' : ''}${properties.join('')}${gap(pen, outside)}}`;
}

function someNames(pen: Pen, count: number): readonly string[] {
  return pen.g(() => fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: count, maxLength: count }));
}
