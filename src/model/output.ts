/** What a person watches while a command runs. All of it goes to stderr; results are returned, not written. */
export interface Output {
  /** Something the person should know now: what is waited for, what was done. Silent with `--quiet`. */
  note(line: string): void;
  /** What the person must act on, or the command cannot go on: an address to open, a code to type. Said with `--quiet` too. */
  must(line: string): void;
  /** Something that may be wrong. Silent with `--quiet`. */
  warn(line: string): void;
  /** For `--debug` only. Never given a secret. */
  debug(line: string): void;
  /** Whether results go to a terminal. */
  readonly stdoutIsTerminal: boolean;
}
