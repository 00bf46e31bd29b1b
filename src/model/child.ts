import type { Secret } from './secret.ts';

/** A program to start, without a shell. */
export interface ChildCall {
  /** A name to look for on PATH, or a path. */
  readonly file: string;
  /** Never a secret: everybody on the machine can read them. */
  readonly args: readonly string[];
  /** What it reads on standard input, to the last character; nothing where it is left out. */
  readonly input?: Secret;
  /** Milliseconds; it is ended when they have passed. */
  readonly limitMs: number;
  /** Variables beside those that every child gets; undefined takes one away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** For a program that leaves a part of itself running, which would keep its output open: nobody listens to it. */
  readonly output?: 'ignored';
}

/** What became of it. `stdout` and `stderr` are what it wrote, the last 64 kB of each. */
export type ChildEnd =
  | { readonly kind: 'ended'; readonly code: number; readonly stdout: string; readonly stderr: string }
  | { readonly kind: 'killed'; readonly signal: string; readonly stdout: string; readonly stderr: string }
  | { readonly kind: 'not-started'; readonly why: string }
  | { readonly kind: 'too-long' };

/**
 * A program that takes our place for a while: it gets our standard input, and signals that come to us.
 */
export interface AttachedCall {
  readonly file: string;
  readonly args: readonly string[];
  /** Variables beside those that every child gets; the credential is among them. */
  readonly env: Readonly<Record<string, string>>;
  /** What it may not show where its output is captured; nothing is masked in a terminal. */
  readonly masks: readonly Secret[];
}

export type AttachedEnd =
  | { readonly kind: 'ended'; readonly code: number }
  | { readonly kind: 'killed'; readonly signal: string }
  /** `code` is the system's word, such as `ENOENT`. */
  | { readonly kind: 'not-started'; readonly why: 'not-found' | 'not-executable' | 'failed'; readonly code: string };

/** Starts other programs. None of them gets a variable that holds a credential of ours, unless `attach` says so. */
export interface Children {
  /** Where a program is on PATH, or whether there is one where a path leads; undefined where there is none. */
  find(name: string): Promise<string | undefined>;
  /** Runs to the end. Never throws for what the program does. Ctrl-C ends it. */
  run(call: ChildCall): Promise<ChildEnd>;
  /**
   * Runs a program to its end, with our standard input. Its output goes where ours goes: a terminal is handed through untouched,
   * anything else passes the masks. Signals that come meanwhile go to the program and do not stop the command. Throws where the command
   * was interrupted before it began, and `refused` where its output could not be written.
   */
  attach(call: AttachedCall): Promise<AttachedEnd>;
  /** A command line as words: quotes and backslashes as in a shell, and nothing else of one. `usage` where a quote is not closed. */
  words(line: string): Promise<readonly string[]>;
}
