import type { Prompt } from '../model/prompt.ts';
import { Failure, isFailure } from '../model/failure.ts';
import type { Asking } from './prompt/look.ts';

export interface PromptWorld {
  /** Opened when something is read: a stream that is looked at keeps a process busy. */
  readonly stdin: () => NodeJS.ReadStream;
  readonly stderr: () => NodeJS.WriteStream;
  /** `plain`: line by line, for whoever does not see a screen. */
  readonly manner: 'drawn' | 'plain';
  readonly colour: boolean;
  /** Ends a question that was given no signal of its own. */
  readonly interrupted: AbortSignal;
  /** Leaves the terminal to a question until the returned function is called. */
  readonly hush: () => () => void;
}

/** Where the terminal does not tell. */
const USUAL_COLUMNS = 80;

/** Ctrl-C or the end of input at a question ends the command; our own signal ends it with its own reason. */
async function asked<Answer>(ask: () => Promise<Answer>, signal: AbortSignal): Promise<Answer> {
  try {
    return await ask();
  } catch (thrown) {
    if (signal.aborted && isFailure(signal.reason)) throw signal.reason;
    if (thrown instanceof Error && (thrown.name === 'ExitPromptError' || thrown.name === 'AbortPromptError')) {
      throw new Failure('cancelled', { detail: 'The question was not answered. Nothing was changed by it.' });
    }
    throw thrown;
  }
}

/**
 * Questions to a person, on stderr, so that stdout stays a command's result. Each kind of question is loaded when one is asked. Whether anybody
 * can be asked has to be known before.
 */
export function createPrompt(world: PromptWorld): Omit<Prompt, 'canAsk' | 'stdinIsTerminal'> {
  const { stdin, stderr, manner, colour, interrupted, hush } = world;
  const plain = manner === 'plain';

  async function ask<Answer>(given: AbortSignal | undefined, load: () => Promise<(asking: Asking) => Promise<Answer>>): Promise<Answer> {
    const signal = given ?? interrupted;
    const question = await load();
    const terminal = stderr();
    const output = colour || plain ? terminal : (await import('./prompt/without-colour.ts')).withoutColour(terminal);
    const done = hush();
    try {
      return await asked(() => question({ input: stdin(), output, signal, columns: terminal.columns || USUAL_COLUMNS }), signal);
    } finally {
      done();
    }
  }

  const plainly = () => import('./prompt/plain.ts');
  return {
    text: (question, signal) =>
      ask(signal, async () => {
        const put = plain ? (await plainly()).plainText : (await import('./prompt/text.ts')).askText;
        return (asking) => put(question, asking);
      }),
    hidden: (question, signal) =>
      ask(signal, async () => {
        const put = plain ? (await plainly()).plainHidden : (await import('./prompt/hidden.ts')).askHidden;
        return (asking) => put(question, asking);
      }),
    confirm: (question, signal) =>
      ask(signal, async () => {
        const put = plain ? (await plainly()).plainWhether : (await import('./prompt/confirm.ts')).askWhether;
        return (asking) => put(question, asking);
      }),
    choose: (question, choices, signal) =>
      ask(signal, async () => {
        const put = plain ? (await plainly()).plainOne : (await import('./prompt/choose.ts')).askForOne;
        return (asking) => put(question, choices, asking);
      }),
    search: (question, choices, signal) =>
      ask(signal, async () => {
        const put = plain ? (await plainly()).plainOne : (await import('./prompt/search.ts')).askAmongMany;
        return (asking) => put(question, choices, asking);
      }),
    chooseMany: (question, choices, signal) =>
      ask(signal, async () => {
        const put = plain ? (await plainly()).plainMany : (await import('./prompt/choose-many.ts')).askForMany;
        return (asking) => put(question, choices, asking);
      }),
    readStdin: async (maxBytes, signal) => {
      const chunks: Buffer[] = [];
      let size = 0;
      const stream = stdin();
      const stop = (): void => void stream.destroy();
      signal?.addEventListener('abort', stop, { once: true });
      try {
        for await (const chunk of stream) {
          const bytes = Buffer.from(chunk as Uint8Array | string);
          size += bytes.length;
          if (size > maxBytes)
            throw new Failure('usage', { detail: `More than ${maxBytes} bytes came in on standard input.`, hint: 'Give the one value alone.' });
          chunks.push(bytes);
        }
      } catch (thrown) {
        if (signal?.aborted && isFailure(signal.reason)) throw signal.reason;
        throw thrown;
      } finally {
        signal?.removeEventListener('abort', stop);
      }
      if (signal?.aborted && isFailure(signal.reason)) throw signal.reason;
      return Buffer.concat(chunks).toString('utf8');
    },
  };
}
