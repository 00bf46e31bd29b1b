/** Lines that one side may have in a part that changed, before it is shown whole instead of line by line. */
const MOST_COMPARED = 2_000;

interface Line {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
}

/**
 * What changes in a text, as a unified diff without the lines around: they are not ours to show. `show` is given every line, and may
 * hide a part of it. Empty where nothing changes. A new text is compared with `/dev/null`, as `diff` does.
 */
export function unifiedDiff(path: string, before: string | undefined, after: string, show: (line: string) => string): string {
  if (before === after) return '';
  const [old, fresh] = [linesOf(before ?? ''), linesOf(after)];
  const hunks = hunksOf(compare(old, fresh));
  const body = hunks.map(({ oldAt, newAt, lines }) => {
    const count = (sign: string): number => lines.filter((line) => line.sign === sign).length;
    const head = `@@ -${span(oldAt, count('-'))} +${span(newAt, count('+'))} @@\n`;
    return head + lines.map(({ sign, text }) => `${sign}${show(text)}\n`).join('');
  });
  return `--- ${before === undefined ? '/dev/null' : path}\n+++ ${path}\n${body.join('')}`;
}

/** A hunk that has no lines on one side names the line before it. */
const span = (at: number, count: number): string => `${count === 0 ? at - 1 : at},${count}`;

function linesOf(text: string): readonly string[] {
  const lines = text.split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

/** The lines of both, the old before the new where they differ. What both begin and end with is passed over quickly. */
function compare(old: readonly string[], fresh: readonly string[]): readonly Line[] {
  let head = 0;
  while (head < old.length && head < fresh.length && old[head] === fresh[head]) head += 1;
  let tail = 0;
  while (tail < old.length - head && tail < fresh.length - head && old[old.length - 1 - tail] === fresh[fresh.length - 1 - tail]) tail += 1;
  const same = (lines: readonly string[]): readonly Line[] => lines.map((text) => ({ sign: ' ', text }));
  const middle = compareSlowly(old.slice(head, old.length - tail), fresh.slice(head, fresh.length - tail));
  return [...same(old.slice(0, head)), ...middle, ...same(old.slice(old.length - tail))];
}

/** By the longest common subsequence. */
function compareSlowly(old: readonly string[], fresh: readonly string[]): readonly Line[] {
  const whole: readonly Line[] = [...old.map((text): Line => ({ sign: '-', text })), ...fresh.map((text): Line => ({ sign: '+', text }))];
  if (old.length > MOST_COMPARED || fresh.length > MOST_COMPARED) return whole;
  const width = fresh.length + 1;
  const longest = new Uint16Array((old.length + 1) * width);
  const at = (row: number, column: number): number => longest[row * width + column] ?? 0;
  for (let row = old.length - 1; row >= 0; row -= 1) {
    for (let column = fresh.length - 1; column >= 0; column -= 1) {
      longest[row * width + column] = old[row] === fresh[column] ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const lines: Line[] = [];
  let [row, column] = [0, 0];
  while (row < old.length || column < fresh.length) {
    const [gone, come] = [old[row], fresh[column]];
    if (gone !== undefined && gone === come) {
      lines.push({ sign: ' ', text: gone });
      row += 1;
      column += 1;
    } else if (gone !== undefined && (come === undefined || at(row + 1, column) >= at(row, column + 1))) {
      lines.push({ sign: '-', text: gone });
      row += 1;
    } else {
      lines.push({ sign: '+', text: come ?? '' });
      column += 1;
    }
  }
  return lines;
}

interface Hunk {
  /** Counted from 1. */
  readonly oldAt: number;
  readonly newAt: number;
  readonly lines: readonly Line[];
}

function hunksOf(lines: readonly Line[]): readonly Hunk[] {
  const hunks: Hunk[] = [];
  let [oldAt, newAt] = [1, 1];
  let open: { oldAt: number; newAt: number; lines: Line[] } | undefined;
  for (const line of lines) {
    if (line.sign === ' ') open = undefined;
    else {
      if (open === undefined) hunks.push((open = { oldAt, newAt, lines: [] }));
      open.lines.push(line);
    }
    if (line.sign !== '+') oldAt += 1;
    if (line.sign !== '-') newAt += 1;
  }
  return hunks;
}
