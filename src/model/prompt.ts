export interface Prompt {
  /** Whether a person can be asked: stdin and stderr are terminals and `--no-input` was not given. */
  readonly canAsk: boolean;
  /** A line of text. `signal` ends the question. */
  text(question: string, signal?: AbortSignal): Promise<string>;
  /** A line that is not shown while typed. */
  hidden(question: string, signal?: AbortSignal): Promise<string>;
  confirm(question: string, signal?: AbortSignal): Promise<boolean>;
  choose<T>(question: string, choices: ReadonlyArray<{ readonly name: string; readonly value: T }>, signal?: AbortSignal): Promise<T>;
  /** All of standard input up to its end, for `--with-token` and a piped answer; at most `maxBytes`, beyond it a `usage` failure. `signal` ends the reading. */
  readStdin(maxBytes: number, signal?: AbortSignal): Promise<string>;
  readonly stdinIsTerminal: boolean;
}
