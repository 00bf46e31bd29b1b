import { checkbox } from '@inquirer/prompts';
import type { Choice } from '../../model/prompt.ts';
import { type Asking, contextOf, lookOf, rowsOf } from './look.ts';

export async function askForMany<Value>(message: string, choices: ReadonlyArray<Choice<Value>>, asking: Asking): Promise<readonly Value[]> {
  const rows = rowsOf(choices, asking).map(({ choice, ...row }) => ({ ...row, value: choice, checked: choice.usual === true }));
  return (await checkbox({ message, choices: rows, loop: false, theme: lookOf(asking) }, contextOf(asking))).map(({ value }) => value);
}
