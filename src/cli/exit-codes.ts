import type { Command } from '../commands/command.ts';
import { FAILURES, type FailureCode } from '../model/failure.ts';
import { wrapped } from '../model/wrap.ts';

/** A way in which a command can end. `exit` is its code as it is shown; `code` that of the failure, null where there is none. */
export interface Exit {
  readonly exit: string;
  readonly code: FailureCode | null;
  readonly meaning: string;
}

const isCode = (code: string): code is FailureCode => Object.hasOwn(FAILURES, code);

/** Every failure code, in the order of the table, which is that of the exit codes. */
export const FAILURE_CODES: readonly FailureCode[] = Object.keys(FAILURES).filter(isCode);

/** All ways in which a command can end, by its own account, success first. */
export function exitsOf(command: Pick<Command, 'failures' | 'otherExits'>): readonly Exit[] {
  const failures = FAILURE_CODES.flatMap((code): readonly Exit[] => {
    const meaning = command.failures[code];
    return meaning === undefined ? [] : [{ exit: String(FAILURES[code].exit), code, meaning: meaning ?? FAILURES[code].title }];
  });
  const others = command.otherExits.map(([exit, meaning]): Exit => ({ exit, code: null, meaning }));
  return [{ exit: '0', code: null, meaning: 'Done' }, ...failures, ...others];
}

/** Help is made for windows of this width. */
const WIDTH = 80;

/** Lines of two words and a text each, the texts below each other. */
export function threeColumns(rows: ReadonlyArray<readonly [string, string, string]>): string {
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length)) + 2);
  const indent = 2 + widths.reduce((sum, width) => sum + width, 0);
  return rows
    .map(([first, second, text]) => {
      const head = `  ${first.padEnd(widths[0] ?? 0)}${second.padEnd(widths[1] ?? 0)}`;
      return `${head}${wrapped(text, WIDTH - indent).join(`\n${' '.repeat(indent)}`)}`;
    })
    .join('\n');
}

/** The part of a command's help that tells its exit codes. */
export function exitCodesText(command: Pick<Command, 'failures' | 'otherExits'>): string {
  return `Exit codes:\n${threeColumns(exitsOf(command).map(({ exit, code, meaning }) => [exit, code ?? '', meaning]))}`;
}
