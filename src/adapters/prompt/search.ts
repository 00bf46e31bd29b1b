import { search } from '@inquirer/prompts';
import type { Choice } from '../../model/prompt.ts';
import { type Asking, contextOf, lookOf, rowsOf } from './look.ts';

/** What was typed may be anywhere in a name, or in what it means. */
export async function askAmongMany<Value>(message: string, choices: ReadonlyArray<Choice<Value>>, asking: Asking): Promise<Value> {
  const rows = rowsOf(choices, asking).map(({ choice, ...row }) => ({ ...row, value: choice }));
  const source = (typed: string | undefined) => {
    const wanted = (typed ?? '').toLowerCase();
    return rows.filter(({ value: { name, about } }) => `${name} ${about ?? ''}`.toLowerCase().includes(wanted));
  };
  return (await search({ message, source, theme: lookOf(asking) }, contextOf(asking))).value;
}
