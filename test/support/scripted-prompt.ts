import type { Choice, Prompt } from '../../src/model/prompt.ts';
import { Failure } from '../../src/model/failure.ts';

export interface AskedQuestion {
  readonly kind: 'text' | 'hidden' | 'confirm' | 'choose' | 'search' | 'choose-many';
  readonly question: string;
}

/** A person at the keyboard: what they typed and nobody has read yet, and the questions that they were asked. */
export interface Keyboard {
  readonly asked: readonly AskedQuestion[];
  type(line: string): void;
  /** The next line, now or when it is typed. A person who types nothing more is waited for until the signal. */
  answer(question: AskedQuestion, signal: AbortSignal | undefined): Promise<string>;
}

export function createKeyboard(lines: readonly string[]): Keyboard {
  const typed = [...lines];
  const asked: AskedQuestion[] = [];
  const waiting: Array<(line: string) => void> = [];
  return {
    asked,
    type(line) {
      const take = waiting.shift();
      if (take === undefined) typed.push(line);
      else take(line);
    },
    answer(question, signal) {
      asked.push(question);
      const next = typed.shift();
      if (next !== undefined) return Promise.resolve(next);
      return untilAborted(new Promise((resolve) => void waiting.push(resolve)), signal);
    },
  };
}

function untilAborted<Value>(value: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal?.reason as Error);
    if (signal?.aborted === true) stop();
    else signal?.addEventListener('abort', stop, { once: true });
    value.then(resolve, reject);
  });
}

export interface PromptScript {
  /** Whether stdin and stderr are terminals. */
  readonly terminal: boolean;
  readonly keyboard: Keyboard;
  /** What is piped in, where stdin is no terminal; a promise where it comes later. */
  readonly stdin: string | Promise<string>;
}

function named<Value>(name: string, choices: ReadonlyArray<Choice<Value>>): Value {
  const chosen = choices.find((choice) => choice.name === name);
  if (chosen === undefined) throw new Error(`"${name}" is not among the choices`);
  return chosen.value;
}

/** A prompt before which somebody, or a pipe, sits. */
export function createScriptedPrompt({ terminal, keyboard, stdin }: PromptScript, noInput: boolean): Prompt {
  return {
    canAsk: terminal && !noInput,
    stdinIsTerminal: terminal,
    text: (question, signal) => keyboard.answer({ kind: 'text', question }, signal),
    hidden: (question, signal) => keyboard.answer({ kind: 'hidden', question }, signal),
    confirm: async (question, signal) => (await keyboard.answer({ kind: 'confirm', question }, signal)) === 'yes',
    choose: async (question, choices, signal) => named(await keyboard.answer({ kind: 'choose', question }, signal), choices),
    search: async (question, choices, signal) => named(await keyboard.answer({ kind: 'search', question }, signal), choices),
    chooseMany: async (question, choices, signal) => {
      const names = (await keyboard.answer({ kind: 'choose-many', question }, signal)).split(',').filter((name) => name !== '');
      return names.map((name) => named(name, choices));
    },
    readStdin: async (maxBytes, signal) => {
      const text = await untilAborted(Promise.resolve(stdin), signal);
      if (Buffer.byteLength(text) <= maxBytes) return text;
      throw new Failure('usage', { detail: `More than ${maxBytes} bytes came in on standard input.`, hint: 'Give the one value alone.' });
    },
  };
}
