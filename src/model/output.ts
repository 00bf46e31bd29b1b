/** Something that takes its time. Whoever begins one ends it, whatever comes. */
export interface Progress {
  /** How far it has come, of how much where that is known. May be called as often as one likes. */
  tick(done: number, total?: number): void;
  end(): void;
}

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
  /**
   * That something takes its time: in a terminal a line that moves and goes away, shown only once 300 ms have passed; the first that was begun
   * is shown, for it is what the others belong to. A terminal that is read line by line gets lines. Elsewhere nothing is told, but with
   * `said` the title as a note at once, for what a reader of a log must know as well.
   */
  progress(title: string, elsewhere?: 'said'): Progress;
  /** Whether results go to a terminal. */
  readonly stdoutIsTerminal: boolean;
  /** The columns of the terminal now; undefined where stderr is none. */
  columns(): number | undefined;
}
