import type { Deps } from '../../model/deps.ts';
import { Failure } from '../../model/failure.ts';

export type GivenDeps = Pick<Deps, 'prompt' | 'system' | 'interrupted'>;

/** Reads texts that flags name by a path, or by `-` for standard input, which can be read once. */
export interface GivenTexts {
  /** `flag` names the one who asks. `usage` where the text cannot be had, and where it is no text. */
  read(place: string, flag: string): Promise<string>;
}

/** The sign by which reading shows that bytes were no UTF-8; NUL is no text either. */
const NO_TEXT = ['\ufffd', '\0'];

/** Reads at most `maxBytes` each. */
export function givenTexts(maxBytes: number, { prompt, system, interrupted }: GivenDeps): GivenTexts {
  let reader: string | undefined;

  async function fromInput(flag: string): Promise<string> {
    if (reader !== undefined) {
      throw new Failure('usage', {
        detail: `Standard input can be read once, and both ${reader} and ${flag} ask for it.`,
        hint: 'Put one of them into a file.',
      });
    }
    reader = flag;
    if (!prompt.stdinIsTerminal) return prompt.readStdin(maxBytes, interrupted);
    throw new Failure('needs-answer', { detail: `${flag} reads standard input, and nothing is piped in.`, hint: 'Pipe it in, or name a file.' });
  }

  async function fromFile(path: string, flag: string): Promise<string> {
    const text = path === '' ? undefined : await system.readText(path, maxBytes);
    if (text !== undefined) return text;
    throw new Failure('usage', {
      // The path is not repeated: what was meant as a value may have begun with the sign for a file.
      detail: `What ${flag} names is no file that can be read, or it is longer than ${maxBytes} bytes.`,
      hint: 'Check the path, and who may read it.',
    });
  }

  return {
    read: async (place, flag) => {
      const text = await (place === '-' ? fromInput(flag) : fromFile(place, flag));
      if (!NO_TEXT.some((sign) => text.includes(sign))) return text;
      throw new Failure('usage', { detail: `What ${flag} reads is no text in UTF-8.`, hint: 'Only text can be sent.' });
    },
  };
}
