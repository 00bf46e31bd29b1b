import type { Deps } from '../model/deps.ts';
import type { Failure } from '../model/failure.ts';
import { type Failures, OF_EVERY_COMMAND } from '../model/failure-sets.ts';
import type { Paint } from '../model/paint.ts';
import type { Remembered } from '../model/remembered.ts';

/** What a shell offers in the place of a value. Nothing of it is a check: what is known may change. */
interface Offered {
  /** Its value is one of these. */
  readonly choices?: readonly string[];
  /** Further values, which only this machine knows. */
  readonly completes?: Remembered;
  /** Its value is a path, which completion leaves to the shell; or what follows one of these beginnings is. */
  readonly path?: true | readonly string[];
}

/** A flag. Its name in code is camelCase; on the command line `localOnly` is `--local-only`. */
export interface Flag extends Offered {
  /** The word for its value in the help; a flag without it is a switch. */
  readonly takes?: string;
  /** One letter by which it can be called as well, such as `f` for `-f`. `h` is taken by the help. */
  readonly short?: string;
  /** May be given several times. */
  readonly many?: true;
  readonly about: string;
}
/** The flag of commands that speak to a provider which may have projects. */
export const PROJECT_FLAG = { takes: 'id', about: 'The project that is meant, for a credential that works for several' } as const satisfies Flag;

export type Flags = Readonly<Record<string, Flag>>;

/** The flag of every command whose result is a list. */
const JSONL: Flags = { jsonl: { about: 'Print one JSON object a line instead of an array' } };

/** A positional argument. Only the last one may be `many`. */
export interface Arg extends Offered {
  readonly name: string;
  readonly about: string;
  readonly required: boolean;
  readonly many?: true;
}

/** What stands after `--` for a command that starts another one: handed through as it is, flags among it. */
export interface After {
  readonly name: string;
  readonly about: string;
}

export type OptionsOf<F extends Flags> = {
  readonly [Name in keyof F]: F[Name] extends { takes: string; many: true }
    ? readonly string[]
    : F[Name] extends { takes: string }
      ? string | undefined
      : boolean;
};
export type ArgsOf<A extends readonly Arg[]> = {
  readonly [Each in A[number] as Each['name']]: Each extends { many: true } ? readonly string[] : Each extends { required: true } ? string : string | undefined;
};

/** What a command is called with. `choice` comes from the flags that every command has. */
export interface Invocation<Options, Args> {
  readonly options: Options;
  readonly args: Args;
  /** The words after `--`, for a command that takes such. */
  readonly after: readonly string[];
  readonly choice: { readonly provider: string | undefined; readonly account: string | undefined };
  /** Whether the result will be printed as JSON; only a command that prints a key by itself asks. */
  readonly json: boolean;
}

/** What a text may depend on. */
export interface Screen {
  /** Whether stdout is a terminal; in a pipe texts are made for programs. */
  readonly terminal: boolean;
  /** Unix milliseconds, for relative times. */
  readonly now: number;
  /** The columns of that terminal now; undefined, or absent, where nothing has to fit. */
  readonly columns?: () => number | undefined;
  /** The colours of that terminal; absent where there are none. */
  readonly paint?: () => Promise<Paint>;
}

/** How the process ends where that is not told by a failure: as the program did that a command ran. */
export type Ending = { readonly kind: 'exit'; readonly code: number } | { readonly kind: 'signal'; readonly signal: string };

/** The groups of the root help, in its order. */
export const GROUPS = ['Sign in', 'Keys', 'Agents', 'Tools'] as const;

interface Parts<F extends Flags, A extends readonly Arg[], Result> {
  readonly path: readonly string[];
  readonly group: (typeof GROUPS)[number];
  readonly summary: string;
  readonly args: A;
  readonly after?: After;
  readonly flags: F;
  /** Command lines with what they do: two at least, and a test runs each of them. */
  readonly examples: ReadonlyArray<readonly [line: string, about: string]>;
  /** The failures that it can end with beside those of every command. Its help tells them; a test that meets another one fails. */
  readonly failures: Failures;
  /** Exit codes that stand for no failure of ours, such as those of a program that was run. */
  readonly otherExits?: ReadonlyArray<readonly [exit: string, meaning: string]>;
  /** Does the work and returns data; it never prints. */
  readonly run: (invocation: Invocation<OptionsOf<F>, ArgsOf<A>>, deps: Deps) => Promise<Result>;
  /** The words on stdout. */
  readonly text: (result: Result, screen: Screen) => string;
  /**
   * The words on stdout piece by piece, for results that are read page by page and never held whole; in place of `text` and of `json`.
   * Undefined where this result is printed in one piece.
   */
  readonly stream?: (result: Result, form: 'text' | 'json', screen: Screen) => AsyncIterable<string> | undefined;
  /**
   * The elements of a result that is a list, all at once or in groups as they come. A command that has this has the flag `--jsonl` too,
   * which prints each as one line of JSON; to any other it is unknown.
   */
  readonly elements?: (result: Result) => readonly unknown[] | AsyncIterable<readonly unknown[]>;
  /** Lines for stderr beside them; silent with `--quiet`. */
  readonly notes?: (result: Result, screen: Screen) => readonly string[];
  /** What `--json` prints, where it is not the result itself. */
  readonly json?: (result: Result) => unknown;
  /** The failure that a result stands for although it is there, such as a part that did not work. */
  readonly verdict?: (result: Result) => Failure | undefined;
  /** How the process ends, in place of what follows from the verdict. */
  readonly ending?: (result: Result) => Ending;
  /** What goes on after the result was printed, for commands that keep running. */
  readonly stays?: (result: Result, deps: Deps) => Promise<void>;
}

/** What a command gave, ready to be put into words or JSON. */
export interface Performed {
  readonly stream: (form: 'text' | 'json', screen: Screen) => AsyncIterable<string> | undefined;
  readonly text: (screen: Screen) => string;
  /** In groups; none of a result that is no list. */
  readonly elements: () => AsyncIterable<readonly unknown[]> | Iterable<readonly unknown[]>;
  readonly notes: (screen: Screen) => readonly string[];
  readonly json: () => unknown;
  readonly verdict: Failure | undefined;
  readonly ending: Ending | undefined;
  readonly stay: () => Promise<void>;
}

/** Values as the parser found them; the flags and args of the same command gave the parser its rules. */
export type ParsedInvocation = Invocation<Readonly<Record<string, unknown>>, Readonly<Record<string, unknown>>>;

export interface Command {
  readonly path: readonly string[];
  readonly group: (typeof GROUPS)[number];
  readonly summary: string;
  readonly args: readonly Arg[];
  readonly after: After | undefined;
  readonly flags: Flags;
  readonly examples: ReadonlyArray<readonly [line: string, about: string]>;
  /** All of them, with those of every command. */
  readonly failures: Failures;
  readonly otherExits: ReadonlyArray<readonly [exit: string, meaning: string]>;
  readonly perform: (invocation: ParsedInvocation, deps: Deps) => Promise<Performed>;
}

/** Makes a command of its parts. The types of `run`'s options and arguments follow from the flags and args beside it. */
export function command<const F extends Flags, const A extends readonly Arg[], Result>(parts: Parts<F, A, Result>): Command {
  return {
    path: parts.path,
    group: parts.group,
    summary: parts.summary,
    args: parts.args,
    after: parts.after,
    flags: parts.elements === undefined ? parts.flags : { ...parts.flags, ...JSONL },
    examples: parts.examples,
    failures: { ...OF_EVERY_COMMAND, ...parts.failures },
    otherExits: parts.otherExits ?? [],
    perform: async (invocation, deps) => {
      // The parser was built from these very flags and args, so the values have the shapes that the types derive from them.
      const result = await parts.run(invocation as Invocation<OptionsOf<F>, ArgsOf<A>>, deps);
      return {
        stream: (form, screen) => parts.stream?.(result, form, screen),
        text: (screen) => parts.text(result, screen),
        elements: () => {
          const elements = parts.elements?.(result) ?? [];
          return Symbol.asyncIterator in elements ? elements : [elements];
        },
        notes: (screen) => parts.notes?.(result, screen) ?? [],
        json: () => (parts.json === undefined ? result : parts.json(result)),
        verdict: parts.verdict?.(result),
        ending: parts.ending?.(result),
        stay: async () => parts.stays?.(result, deps),
      };
    },
  };
}
