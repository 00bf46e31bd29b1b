import type { Prompt } from '../model/prompt.ts';
import { Failure, isFailure } from '../model/failure.ts';

export interface PromptWorld {
  readonly stdinIsTerminal: boolean;
  readonly stderrIsTerminal: boolean;
  /** Opened when something is read: a stream that is looked at keeps a process busy. */
  readonly stdin: () => NodeJS.ReadStream;
  readonly stderr: () => NodeJS.WriteStream;
  readonly noInput: boolean;
}

/** Ctrl-C or the end of input at a question ends the command; our own signal ends it with its own reason. */
async function asked<Answer>(ask: () => Promise<Answer>, signal: AbortSignal | undefined): Promise<Answer> {
  try {
    return await ask();
  } catch (thrown) {
    if (signal?.aborted && isFailure(signal.reason)) throw signal.reason;
    if (thrown instanceof Error && (thrown.name === 'ExitPromptError' || thrown.name === 'AbortPromptError')) {
      throw new Failure('cancelled', { detail: 'The question was not answered. Nothing was changed by it.' });
    }
    throw thrown;
  }
}

/** Questions to a person, on stderr, so that stdout stays a command's result. Asked only where both ends are a terminal. */
export function createPrompt({ stdinIsTerminal, stderrIsTerminal, stdin, stderr, noInput }: PromptWorld): Prompt {
  const context = (signal: AbortSignal | undefined) => ({ input: stdin(), output: stderr(), ...(signal === undefined ? {} : { signal }) });
  return {
    canAsk: stdinIsTerminal && stderrIsTerminal && !noInput,
    stdinIsTerminal,
    text: async (message, signal) => {
      const { input } = await import('@inquirer/prompts');
      return asked(() => input({ message }, context(signal)), signal);
    },
    hidden: async (message, signal) => {
      const { password } = await import('@inquirer/prompts');
      return asked(() => password({ message, mask: false }, context(signal)), signal);
    },
    confirm: async (message, signal) => {
      const { confirm } = await import('@inquirer/prompts');
      return asked(() => confirm({ message, default: false }, context(signal)), signal);
    },
    choose: async (message, choices, signal) => {
      const { search } = await import('@inquirer/prompts');
      const source = (term: string | undefined) => choices.filter((choice) => choice.name.toLowerCase().includes((term ?? '').toLowerCase()));
      return asked(() => search({ message, source }, context(signal)), signal);
    },
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
