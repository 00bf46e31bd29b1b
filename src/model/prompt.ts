/** One of several answers. */
export interface Choice<Value> {
  readonly name: string;
  readonly value: Value;
  /** What it means, in a few words. */
  readonly about?: string;
  /** What most people want: where the question stands at first, or chosen at first where several can be. */
  readonly usual?: true;
}

/**
 * Questions to a person. `signal` ends a question with its own reason; Ctrl-C and the end of input are `cancelled`. Whatever is asked here
 * can be said by a flag as well, so that a caller who finds that nobody can be asked names that flag.
 */
export interface Prompt {
  /** Whether a person can be asked: stdin and stderr are terminals and `--no-input` was not given. */
  readonly canAsk: boolean;
  /** A line of text. */
  text(question: string, signal?: AbortSignal): Promise<string>;
  /** A line that is not shown while typed. */
  hidden(question: string, signal?: AbortSignal): Promise<string>;
  /** No, unless the person says yes. */
  confirm(question: string, signal?: AbortSignal): Promise<boolean>;
  /** One of a few. */
  choose<Value>(question: string, choices: ReadonlyArray<Choice<Value>>, signal?: AbortSignal): Promise<Value>;
  /** One of many: typing narrows them down. */
  search<Value>(question: string, choices: ReadonlyArray<Choice<Value>>, signal?: AbortSignal): Promise<Value>;
  /** Any number of them, none included. In the order of the choices. */
  chooseMany<Value>(question: string, choices: ReadonlyArray<Choice<Value>>, signal?: AbortSignal): Promise<readonly Value[]>;
  /** All of standard input up to its end, for `--with-token` and a piped answer; at most `maxBytes`, beyond it a `usage` failure. `signal` ends the reading. */
  readStdin(maxBytes: number, signal?: AbortSignal): Promise<string>;
  readonly stdinIsTerminal: boolean;
}
