import type { Paint } from '../model/paint.ts';

/** Where texts go. Results to stdout, everything else to stderr. */
export interface Streams {
  readonly stdoutIsTerminal: boolean;
  /** May say that nobody reads on. */
  readonly stdout: (text: string) => void | 'written' | 'closed';
  readonly stderr: (text: string) => void;
  /** The text of a failure, in colour where stderr is a terminal. */
  readonly failure: (text: string) => Promise<void>;
  /** The columns of the terminal that stdout is. */
  readonly columns?: () => number | undefined;
  /** The colours of stdout. */
  readonly paint?: () => Promise<Paint>;
}
