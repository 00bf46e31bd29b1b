import type { Command, Flag, Flags } from '../../commands/command.ts';
import type { Remembered } from '../../model/remembered.ts';
import { COMMANDS } from '../command-table.ts';
import { GROUP_SUMMARIES } from '../groups.ts';
import { COMMON, kebab } from '../common-flags.ts';
import { TOPICS } from '../topics/topics.ts';

/** What a shell offers where a value stands. */
export interface Values {
  readonly choices: readonly string[];
  /** What the program is asked for. */
  readonly asks: Remembered | null;
  /** `all`: the value is a path; else what follows one of these beginnings is. */
  readonly paths: 'all' | readonly string[];
}

/** A flag as a shell offers it. */
export interface FlagWord {
  /** What it can be called by, with dashes: `--field`, and `-f` where it has a short form. */
  readonly words: readonly string[];
  readonly about: string;
  /** Null for a switch. */
  readonly value: Values | null;
}

/** A place on the command line: a group of commands, or a command. */
export interface Node {
  /** The words that lead here; empty for the root. */
  readonly path: readonly string[];
  /** The commands below. */
  readonly words: ReadonlyArray<{ readonly word: string; readonly about: string }>;
  /** The arguments in their order. */
  readonly args: ReadonlyArray<Values & { readonly many: boolean }>;
  /** Whether another command line follows after `--`. */
  readonly after: boolean;
  readonly flags: readonly FlagWord[];
}

const HELP: FlagWord = { words: ['--help'], about: 'Show help', value: null };

const SAFE_WORD = /^[A-Za-z0-9_.@:-]+$/;

/** The scripts write choices as they are, in every shell's own quotes or in none: nothing that a shell could take for more than text may be among them. */
function valuesOf({ choices = [], completes, path = [] }: Pick<Flag, 'choices' | 'completes' | 'path'>): Values {
  for (const word of [...choices, ...(path === true ? [] : path)]) if (!SAFE_WORD.test(word)) throw new Error(`"${word}" cannot be offered by a shell`);
  return { choices: [...new Set(choices)], asks: completes ?? null, paths: path === true ? 'all' : path };
}

function flagWords(flags: Flags): readonly FlagWord[] {
  return Object.entries(flags).map(([name, flag]) => ({
    words: flag.short === undefined ? [`--${kebab(name)}`] : [`--${kebab(name)}`, `-${flag.short}`],
    about: flag.about,
    value: flag.takes === undefined ? null : valuesOf(flag),
  }));
}

/** The places below `help`, which takes the words of every command, and topics. */
function helpNodes(commands: Node['words'], below: (path: readonly string[]) => Node['words']): readonly Node[] {
  const node = (path: readonly string[], words: Node['words']): Node => ({ path: ['help', ...path], words, args: [], after: false, flags: [] });
  const topics = TOPICS.map(({ name, summary }) => ({ word: name, about: summary }));
  return [node([], [...commands, ...topics]), ...commands.map(({ word }) => node([word], below([word]))).filter(({ words }) => words.length > 0)];
}

/** Every place of the command line, the root first: what completion scripts are made of. */
export async function commandTree(): Promise<readonly Node[]> {
  const commands = await Promise.all(COMMANDS.map((listing) => listing.load()));
  const below = (path: readonly string[]): Node['words'] => {
    const inside = commands.filter((command) => command.path.length > path.length && path.every((word, index) => command.path[index] === word));
    return [...new Set(inside.map((command) => command.path[path.length] ?? ''))].map((word) => {
      const alone = commands.find((command) => command.path.join(' ') === [...path, word].join(' '));
      return { word, about: alone?.summary ?? GROUP_SUMMARIES[word] ?? '' };
    });
  };
  const commandNode = (command: Command): Node => ({
    path: command.path,
    words: below(command.path),
    args: command.args.map((arg) => ({ ...valuesOf(arg), many: arg.many === true })),
    after: command.after !== undefined,
    flags: [...flagWords({ ...command.flags, ...COMMON }), HELP],
  });
  const group = (path: readonly string[], ...more: readonly FlagWord[]): Node => ({ path, words: below(path), args: [], after: false, flags: [HELP, ...more] });
  const groups = [...new Set(commands.flatMap(({ path }) => (path.length > 1 ? [path[0] ?? ''] : [])))].filter(
    (name) => !commands.some(({ path }) => path.join(' ') === name),
  );
  const root = group([], { words: ['--version'], about: 'Show the version', value: null });
  return [
    { ...root, words: [...root.words, { word: 'help', about: 'Show help on a command or a topic' }] },
    ...groups.map((name) => group([name])),
    ...commands.map(commandNode),
    ...helpNodes(root.words, below),
  ];
}
