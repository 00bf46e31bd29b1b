import { Failure } from '../model/failure.ts';
import type { Results, StreamKind } from '../model/results.ts';

export interface ResultsWorld {
  readonly stdoutIs: StreamKind;
  readonly stderrIs: StreamKind;
  /** Writes all of it; `closed` where nobody reads on. */
  readonly write: (descriptor: 1 | 2, text: string) => 'written' | 'closed';
}

/** GitHub's runner reads a workflow command to the end of its line; these characters are escaped in it. */
const ESCAPES: Readonly<Record<string, string>> = { '%': '%25', '\r': '%0D', '\n': '%0A' };

/** The result stream; what it promises stands at `Results`. */
export function createResults(world: ResultsWorld): Results {
  return {
    stdoutIs: world.stdoutIs,
    stderrIs: world.stderrIs,
    write: (text) => {
      if (world.write(1, text.reveal()) === 'written') return;
      throw new Failure('refused', { detail: 'Nobody reads the output any more.', hint: 'Send it to a program or a file that takes it.' });
    },
    mask: (value) => {
      const escaped = value.reveal().replace(/[%\r\n]/g, (character) => ESCAPES[character] ?? '');
      if (world.write(2, `::add-mask::${escaped}\n`) === 'written') return;
      throw new Failure('refused', { detail: 'Nobody reads stderr, so that the key cannot be masked.', hint: 'Leave stderr to the runner.' });
    },
  };
}
