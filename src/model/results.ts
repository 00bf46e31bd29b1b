import type { Secret } from './secret.ts';

/** What a stream leads to: a log that is kept may be a file, or a pipe to a program that keeps it. */
export type StreamKind = 'terminal' | 'pipe' | 'file' | 'other';

/**
 * The result stream, for the commands whose result is a key: they must know whether anybody took it before they go on. Every other
 * command returns its result and prints nothing.
 */
export interface Results {
  readonly stdoutIs: StreamKind;
  readonly stderrIs: StreamKind;
  /** Writes all of it before it returns. `refused` where nobody reads on, or the disk is full. */
  write(text: Secret): void;
  /** Tells GitHub's runner to hide a value in its log from now on: an `::add-mask::` line on stderr. `refused` where nobody reads it. */
  mask(value: Secret): void;
}
