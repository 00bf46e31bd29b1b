import * as fc from 'fast-check';

/**
 * TOML files for properties of the editor: tables `servers.*` among other things, and the table `servers.ours` (or not). Names are
 * numbered, so that no two are the same, and so are comments, so that each can be looked for afterwards.
 */
export interface TomlFile {
  readonly text: string;
  readonly hasEntry: boolean;
  /** The entry's tables stand in several places. */
  readonly isScattered: boolean;
  /** What lies before and behind the lines of the entry, where it stands in one place. */
  readonly before: string;
  readonly after: string;
  readonly lineBreak: string;
}

interface Pen {
  readonly g: fc.GeneratorValue;
  readonly lineBreak: string;
  next: number;
}

/** Stands where the lines of the entry begin and end; no file has it. */
const SIGN = '\u0001';

const VALUES = [
  '1',
  '-9223372036854775807',
  '0x1F',
  '1.50',
  'inf',
  'nan',
  'true',
  '1979-05-27T07:32:00.5-08:00',
  '1979-05-27',
  '07:32:00',
  '"x # no comment"',
  "'C:\\[servers.ours]'",
  '"\\u0041 \\" ]"',
  '[]',
  '[ "]", \'#\', [ 1, 2 ], { a = "}" } ]',
  '{}',
  '{ a = 1, "b.c" = { d.e = [ 2 ] } }',
  '"""one line"""',
  '""""two quotes at the end"""""',
  `"""${'\n'}[servers.ours]${'\n'}command = "x" \\"""${'\n'}# no comment${'\n'}"""`,
  `"""\\${'\n'}   folded"""`,
  `'''${'\n'}[[servers]]${'\n'}ours = "\\"${'\n'}''''`,
  `[${'\n'}  1, # ] [servers.ours]${'\n'}  # "${'\n'}  2,${'\n'}]`,
] as const;

const OURS = ['[servers.ours]', '[ servers . "ours" ]', '[\'servers\'."o\\u0075rs"] # mine', '  [servers.ours]'] as const;

/** A file without the entry, with it, or with its tables in two places. It cannot be filtered: the generator would give the same file again. */
export function tomlFiles(...kinds: ReadonlyArray<'absent' | 'there' | 'scattered'>): fc.Arbitrary<TomlFile> {
  return fc.gen().map((g) => written(g, g(fc.constantFrom, ...kinds)));
}

function written(g: fc.GeneratorValue, kind: 'absent' | 'there' | 'scattered'): TomlFile {
  const pen: Pen = { g, lineBreak: g(fc.constantFrom, '\n', '\r\n'), next: 0 };
  const hasEntry = kind !== 'absent';
  const isScattered = kind === 'scattered';
  const sections = Array.from({ length: g(fc.nat, { max: 4 }) }, () => section(pen));
  if (g(fc.boolean)) sections.splice(g(fc.nat, { max: sections.length }), 0, `[servers]${pen.lineBreak}${pairs(pen)}`);
  if (hasEntry) {
    const main = g(fc.constantFrom, ...OURS) + pen.lineBreak + pairs(pen);
    const inner = g(fc.boolean) || isScattered ? `[servers.ours.env]${g(fc.constantFrom, '', ' # mine')}${pen.lineBreak}${pairs(pen)}` : '';
    const parts = [main, inner].map((part) => part.replaceAll(/#(?=\d+;)/g, 'mine#'));
    if (g(fc.boolean)) parts.reverse();
    parts.splice(1, 0, section(pen));
    if (isScattered) sections.splice(g(fc.nat, { max: sections.length }), 0, ...parts);
    else sections.splice(g(fc.nat, { max: sections.length }), 0, SIGN + main + (inner === '' ? '' : fillers(pen, 'mine') + inner) + SIGN);
  }
  const mark = g(fc.constantFrom, '', '', '\ufeff');
  const all = mark + fillers(pen) + pairs(pen) + sections.map((each) => each + fillers(pen)).join('');
  const whole = g(fc.nat, { max: 3 }) === 0 ? withoutLastBreak(all) : all;
  const [before = '', own, after = ''] = whole.split(SIGN);
  return { text: whole.replaceAll(SIGN, ''), hasEntry, isScattered, before, after: own === undefined ? '' : after, lineBreak: pen.lineBreak };
}

function withoutLastBreak(text: string): string {
  const end = text.endsWith(SIGN) ? SIGN : '';
  return text.slice(0, text.length - end.length).replace(/\r?\n$/, '') + end;
}

function number(pen: Pen): number {
  pen.next += 1;
  return pen.next;
}

function section(pen: Pen): string {
  const header = pen.g(
    fc.constantFrom,
    `[t${number(pen)}]`,
    `[[e${number(pen)}]]`,
    `\t[ t${number(pen)} . "servers" . ours ] # #${pen.next};`,
    `[servers.s${number(pen)}]`,
    `[servers."ours.${number(pen)}"]`,
    `[[servers.s${number(pen)}.list]]`,
  );
  return header + pen.lineBreak + pairs(pen);
}

/** Pairs, with comments between them; the last line is a pair, if there is one. */
function pairs(pen: Pen): string {
  const lines = Array.from({ length: pen.g(fc.nat, { max: 3 }) }, () => {
    const name = pen.g(fc.constantFrom, `k${number(pen)}`, `"k ${number(pen)}"`, `  k${number(pen)}.servers.ours`, `'k#${number(pen)}'\t`);
    const tail = pen.g(fc.constantFrom, '', '', ` # #${number(pen)}; "`);
    return `${name} = ${pen.g(fc.constantFrom, ...VALUES).replaceAll('\n', pen.lineBreak)}${tail}${pen.lineBreak}`;
  });
  return lines.join(pen.g(fc.nat, { max: 3 }) === 0 ? pen.lineBreak : '');
}

/** Empty lines and comments. */
function fillers(pen: Pen, owner = ''): string {
  const lines = Array.from({ length: pen.g(fc.nat, { max: 2 }) }, () =>
    pen.g(fc.constantFrom, '', '', '  ', `# ${owner}#${number(pen)}; [servers.ours]`, `\t# ${owner}#${number(pen)};`),
  );
  return lines.map((line) => line + pen.lineBreak).join('');
}
