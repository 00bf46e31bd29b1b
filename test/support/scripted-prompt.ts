import type { Prompt } from '../../src/model/deps.ts';
import { Failure } from '../../src/model/failure.ts';

export interface PromptScript {
  /** Whether stdin and stderr are terminals. */
  readonly terminal: boolean;
  /** What the person types, answer by answer. When they are used up, the person says nothing more. */
  readonly answers: string[];
  /** What is piped in, where stdin is no terminal. */
  readonly stdin: string;
}

export interface AskedQuestion {
  readonly kind: 'text' | 'hidden' | 'confirm' | 'choose';
  readonly question: string;
}

/** A prompt whose answers are written down before; what was asked is put into `asked`. */
export function createScriptedPrompt(script: PromptScript, noInput: boolean, asked: AskedQuestion[]): Prompt {
  const answer = (kind: AskedQuestion['kind'], question: string, signal: AbortSignal | undefined): Promise<string> => {
    asked.push({ kind, question });
    const next = script.answers.shift();
    if (next !== undefined) return Promise.resolve(next);
    return new Promise((_, reject) => {
      const stop = (): void => reject(signal?.reason as Error);
      if (signal?.aborted === true) stop();
      else signal?.addEventListener('abort', stop, { once: true });
    });
  };
  return {
    canAsk: script.terminal && !noInput,
    stdinIsTerminal: script.terminal,
    text: (question, signal) => answer('text', question, signal),
    hidden: (question, signal) => answer('hidden', question, signal),
    confirm: async (question, signal) => (await answer('confirm', question, signal)) === 'yes',
    choose: async (question, choices, signal) => {
      const named = await answer('choose', question, signal);
      const chosen = choices.find((choice) => choice.name === named);
      if (chosen === undefined) throw new Error(`"${named}" is not among the choices`);
      return chosen.value;
    },
    readStdin: async (maxBytes) => {
      if (Buffer.byteLength(script.stdin) > maxBytes) throw new Failure('usage', { detail: `More than ${maxBytes} bytes came in on standard input.` });
      return script.stdin;
    },
  };
}
