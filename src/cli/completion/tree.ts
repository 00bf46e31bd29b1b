import type { Command, Flag } from '../../commands/command.ts';
import { COMMANDS } from '../command-table.ts';
import { GROUP_SUMMARIES } from '../groups.ts';
import { COMMON, kebab } from '../parser.ts';

/** A flag as a shell offers it. */
export interface FlagWord {
  /** What it can be called by, with dashes: `--field`, and `-f` where it has a short form. */
  readonly words: readonly string[];
  readonly about: string;
  readonly value: 'none' | 'text' | 'path' | { readonly choices: readonly string[] };
}

/** A place on the command line: a group of commands, or a command. */
export interface Node {
  /** The words that lead here; empty for the root. */
  readonly path: readonly string[];
  /** The words that may follow: commands below, or the choices of an argument. */
  readonly words: ReadonlyArray<{ readonly word: string; readonly about: string }>;
  readonly flags: readonly FlagWord[];
}

const HELP: FlagWord = { words: ['--help'], about: 'Show help', value: 'none' };

function valueOf(flag: Flag): FlagWord['value'] {
  if (flag.takes === undefined) return 'none';
  if (flag.path === true) return 'path';
  return flag.choices === undefined ? 'text' : { choices: flag.choices };
}

function commandNode(command: Command): Node {
  const choices = command.args.flatMap((arg) => arg.choices ?? []);
  const flags = Object.entries({ ...command.flags, ...COMMON }).map(([name, flag]): FlagWord => ({
    words: flag.short === undefined ? [`--${kebab(name)}`] : [`--${kebab(name)}`, `-${flag.short}`],
    about: flag.about,
    value: valueOf(flag),
  }));
  return { path: command.path, words: choices.map((word) => ({ word, about: '' })), flags: [...flags, HELP] };
}

/** Every place of the command line, the root first: what completion scripts are made of. */
export async function commandTree(): Promise<readonly Node[]> {
  const commands = await Promise.all(COMMANDS.map((listing) => listing.load()));
  const groups = [...new Set(commands.filter((command) => command.path.length > 1).map((command) => command.path[0] ?? ''))];
  const below = (group: string): Node['words'] =>
    commands
      .filter((command) => command.path[0] === group && command.path.length > 1)
      .map((command) => ({ word: command.path[1] ?? '', about: command.summary }));
  const top = [...new Set(commands.map((command) => command.path[0] ?? ''))].map((word) => ({
    word,
    about: GROUP_SUMMARIES[word] ?? commands.find((command) => command.path.length === 1 && command.path[0] === word)?.summary ?? '',
  }));
  return [
    { path: [], words: top, flags: [HELP, { words: ['--version'], about: 'Show the version', value: 'none' }] },
    ...groups.map((group): Node => ({ path: [group], words: below(group), flags: [HELP] })),
    ...commands.map(commandNode),
  ];
}
