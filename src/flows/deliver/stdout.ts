import { isFailure } from '../../model/failure.ts';
import { formatted, wholeJson } from './formats.ts';
import { stdoutMask } from './mask.ts';
import { cannotRestore, type DeliverDeps, type Delivery, type ReadySink, type SinkFormat, untaken } from './sink.ts';

/** What stdout prints: a format, or with `--json` all that is known of the key. */
export type Print = SinkFormat | 'whole';

/** The result stream. Under a GitHub runner the key is masked before it goes into a pipe; `refused` where that cannot be. */
export function stdoutSink(print: Print, deps: DeliverDeps): ReadySink {
  const mask = stdoutMask(deps, 'No key was made.');
  const { results } = deps;
  const forTerminal = results.stdoutIs === 'terminal';
  return {
    name: 'stdout',
    before: null,
    deliver: async (delivery: Delivery) => {
      const text = print === 'whole' ? wholeJson(delivery, forTerminal) : formatted(delivery, print, forTerminal);
      try {
        mask(delivery.key.key);
        results.write(text);
      } catch (thrown) {
        if (!isFailure(thrown)) throw thrown;
        // A full disk may have taken a part of it.
        throw untaken(
          thrown.code,
          { detail: thrown.detail, hint: 'Send it to a program or a file that takes it, or name another sink with --to.', cause: thrown },
          true,
        );
      }
    },
    restore: cannotRestore('stdout'),
  };
}
