import { select } from '@inquirer/prompts';
import type { Choice } from '../../model/prompt.ts';
import { type Asking, contextOf, lookOf, rowsOf } from './look.ts';

export async function askForOne<Value>(message: string, choices: ReadonlyArray<Choice<Value>>, asking: Asking): Promise<Value> {
  const rows = rowsOf(choices, asking).map(({ choice, ...row }) => ({ ...row, value: choice }));
  const usual = rows.find(({ value }) => value.usual);
  const start = usual === undefined ? {} : { default: usual.value };
  return (await select({ message, choices: rows, theme: lookOf(asking), ...start }, contextOf(asking))).value;
}
