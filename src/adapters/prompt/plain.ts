import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { Choice } from '../../model/prompt.ts';
import { Failure } from '../../model/failure.ts';
import { wrapped } from '../../model/wrap.ts';
import type { Asking } from './look.ts';

/*
 * Questions for a terminal that is read line by line: every line is written once and stays, choices have numbers, and an answer is a line.
 * The terminal itself lets the person correct it.
 */

function say(text: string, { output, columns }: Asking): void {
  for (const line of wrapped(text, columns)) output.write(`${line}\n`);
}

function over(signal: AbortSignal): unknown {
  return signal.aborted ? signal.reason : new Failure('cancelled', { detail: 'The question was not answered. Nothing was changed by it.' });
}

/** A line of input. With `hidden` the terminal shows nothing of it, and Ctrl-C comes as a character, at which the reader closes. */
function readLine({ input, output, signal }: Asking, manner: 'shown' | 'hidden'): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = manner === 'shown' ? createInterface({ input, terminal: false }) : createInterface({ input, output: nowhere, terminal: true });
  return new Promise((resolve, reject) => {
    const stop = (): void => lines.close();
    signal.addEventListener('abort', stop, { once: true });
    lines.once('line', (line) => {
      resolve(line);
      lines.close();
    });
    lines.once('close', () => {
      signal.removeEventListener('abort', stop);
      if (manner === 'hidden') output.write('\n');
      reject(over(signal));
    });
    if (signal.aborted) stop();
  });
}

export async function plainText(question: string, asking: Asking): Promise<string> {
  say(question, asking);
  return readLine(asking, 'shown');
}

export async function plainHidden(question: string, asking: Asking): Promise<string> {
  say(`${question} What you type is not shown.`, asking);
  return readLine(asking, 'hidden');
}

export async function plainWhether(question: string, asking: Asking): Promise<boolean> {
  say(`${question} Type yes or no.`, asking);
  for (;;) {
    const answer = (await readLine(asking, 'shown')).trim().toLowerCase();
    if (answer === 'yes' || answer === 'y') return true;
    if (answer === 'no' || answer === 'n' || answer === '') return false;
    say('Please type yes or no.', asking);
  }
}

function list<Value>(question: string, choices: ReadonlyArray<Choice<Value>>, asking: Asking): void {
  say(question, asking);
  for (const [index, { name, about }] of choices.entries()) say(`${index + 1}. ${name}${about === undefined ? '' : `: ${about}`}`, asking);
}

/** By its number, its name, or letters that only one name begins with. */
function pick<Value>(word: string, choices: ReadonlyArray<Choice<Value>>): Choice<Value> | undefined {
  if (/^[0-9]{1,4}$/.test(word)) return choices[Number(word) - 1];
  const typed = word.toLowerCase();
  const named = choices.find(({ name }) => name.toLowerCase() === typed);
  const alike = choices.filter(({ name }) => typed !== '' && name.toLowerCase().startsWith(typed));
  return named ?? (alike.length === 1 ? alike[0] : undefined);
}

export async function plainOne<Value>(question: string, choices: ReadonlyArray<Choice<Value>>, asking: Asking): Promise<Value> {
  const usual = choices.find((choice) => choice.usual);
  list(question, choices, asking);
  say(`Type a number from 1 to ${choices.length}${usual === undefined ? '' : `, or nothing for ${usual.name}`}.`, asking);
  for (;;) {
    const word = (await readLine(asking, 'shown')).trim();
    const chosen = word === '' ? usual : pick(word, choices);
    if (chosen !== undefined) return chosen.value;
    say(`Please type a number from 1 to ${choices.length}.`, asking);
  }
}

export async function plainMany<Value>(question: string, choices: ReadonlyArray<Choice<Value>>, asking: Asking): Promise<readonly Value[]> {
  const usual = choices.filter((choice) => choice.usual);
  list(question, choices, asking);
  const nothing = usual.length === 0 ? 'none' : usual.map(({ name }) => name).join(', ');
  say(`Type numbers with commas between them, or nothing for ${nothing}.`, asking);
  for (;;) {
    const words = (await readLine(asking, 'shown')).split(/[\s,]+/).filter((word) => word !== '');
    if (words.length === 0) return usual.map(({ value }) => value);
    const chosen = words.map((word) => pick(word, choices));
    if (!chosen.includes(undefined)) return choices.filter((choice) => chosen.includes(choice)).map(({ value }) => value);
    say(`Please type numbers from 1 to ${choices.length}, such as 1,2.`, asking);
  }
}
