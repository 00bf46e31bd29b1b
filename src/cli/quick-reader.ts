import type { Arg, Command, Flags } from '../commands/command.ts';
import { COMMON, kebab } from './common-flags.ts';
import { beforeDashes } from './dashes.ts';
import { type Parsed, parsedFrom } from './parsed.ts';

interface Found {
  readonly options: Record<string, unknown>;
  readonly given: Set<string>;
  readonly words: string[];
}

/** Takes in the flag that `word` is, with the word after it where that is its value. Gives how many words it took; undefined where there is any doubt. */
function takeFlag(word: string, next: string | undefined, flags: Flags, found: Found): 1 | 2 | undefined {
  const equals = word.indexOf('=');
  const typed = equals === -1 ? word : word.slice(0, equals);
  const [name, flag] = Object.entries(flags).find(([each]) => `--${kebab(each)}` === typed) ?? [];
  if (name === undefined || flag === undefined || (found.given.has(name) && flag.many === undefined)) return undefined;
  found.given.add(name);
  if (flag.takes === undefined) {
    found.options[name] = true;
    return equals === -1 ? 1 : undefined;
  }
  const value = equals === -1 ? next : word.slice(equals + 1);
  if (value === undefined || value === '' || value.startsWith('-')) return undefined;
  const before = found.options[name];
  found.options[name] = flag.many === undefined ? value : [...(Array.isArray(before) ? before : []), value];
  return equals === -1 ? 2 : 1;
}

/** The words that are no flags, by the names of the arguments; undefined where they are too few or too many. */
function argsFrom(args: readonly Arg[], words: readonly string[]): Record<string, unknown> | undefined {
  const last = args.at(-1);
  if (words.length > args.length && last?.many === undefined) return undefined;
  if (args.some((arg, index) => arg.required && words[index] === undefined)) return undefined;
  return Object.fromEntries(args.map((arg, index): [string, unknown] => [arg.name, arg.many ? words.slice(index) : words[index]]));
}

/**
 * Reads the words after a command's name where they are nothing but whole flags, their values and arguments, each as the command
 * describes it, and after `--` those that it hands on. Undefined for anything else, be it wrong or only unusual: that is left to `parse`, which takes several times as long to
 * load. What it does read it reads as `parse` would.
 */
export function readQuickly(command: Command, words: readonly string[]): Parsed | undefined {
  const own = command.after === undefined ? words : beforeDashes(words);
  const flags = { ...command.flags, ...COMMON };
  const found: Found = { options: {}, given: new Set(), words: [] };
  for (const [name, flag] of Object.entries(flags)) {
    if (flag.many !== undefined) found.options[name] = [];
    else if (flag.takes === undefined) found.options[name] = false;
  }
  for (let at = 0; at < own.length;) {
    const word = own[at] ?? '';
    const taken = word.startsWith('--') ? takeFlag(word, own[at + 1], flags, found) : word === '' || word.startsWith('-') ? undefined : 1;
    if (taken === undefined) return undefined;
    if (!word.startsWith('--')) found.words.push(word);
    at += taken;
  }
  const args = argsFrom(command.args, found.words);
  return args === undefined ? undefined : parsedFrom(found.options, args, words.slice(own.length + 1));
}
