import { Argument, Command as Parser, CommanderError, Option } from 'commander';
import type { After, Command, Flags } from '../commands/command.ts';
import { Failure } from '../model/failure.ts';
import { COMMON, kebab } from './common-flags.ts';
import { beforeDashes } from './dashes.ts';
import { exitCodesText } from './exit-codes.ts';
import { type Parsed, parsedFrom } from './parsed.ts';

const COMMON_HEADING = 'Flags of every command:';

/** `--no-input` would mean "input off" to the parsing library; every switch is given its own plain name instead. */
function addFlags(parser: Parser, flags: Flags): void {
  for (const [name, flag] of Object.entries(flags)) {
    const value = flag.takes === undefined ? '' : ` <${flag.takes}>`;
    const short = flag.short === undefined ? '' : `-${flag.short}, `;
    const option = new Option(`${short}--${kebab(name)}${value}`, flag.about);
    option.attributeName = () => name;
    option.negate = false;
    if (flag.takes === undefined) option.default(false);
    if (flag.many) {
      option.default([]);
      option.argParser((word: string, before: readonly string[]) => [...before, word]);
    }
    option.defaultValueDescription = '';
    parser.addOption(option);
  }
}

/** Defaults go without saying, and what stands after `--` is shown although the library never sees it. */
function configureHelp(parser: Parser, after: After | undefined): void {
  const handedOn = after === undefined ? [] : [new Argument(`${after.name}...`, after.about)];
  parser.configureHelp({
    optionDescription: (option) => option.description,
    visibleArguments: (shown) => [...shown.registeredArguments, ...handedOn],
  });
}

const examplesText = ({ examples }: Command): string => `Examples:\n${examples.map(([line, about]) => `  $ ${line}\n      ${about}`).join('\n')}`;

/** The parser of one command, also the source of its help. */
export function parserOf(command: Command): Parser {
  const parser = new Parser(`keywright ${command.path.join(' ')}`);
  parser
    .description(command.summary)
    .exitOverride()
    .configureOutput({ writeOut: () => undefined, writeErr: () => undefined });
  configureHelp(parser, command.after);
  for (const arg of command.args) {
    const word = `${arg.name}${arg.many ? '...' : ''}`;
    parser.argument(arg.required ? `<${word}>` : `[${word}]`, arg.about);
  }
  if (command.after !== undefined) parser.usage(`[options] -- <${command.after.name}...>`);
  parser.addHelpOption(new Option('-h, --help', 'Show this help').helpGroup(COMMON_HEADING));
  addFlags(parser, command.flags);
  parser.optionsGroup(COMMON_HEADING);
  addFlags(parser, COMMON);
  parser.addHelpText('after', () => `\n${examplesText(command)}\n\n${exitCodesText(command)}`);
  return parser;
}

/** The words before `--` and those after it, for a command that hands the latter through; else all of them are its own. */
function divided(command: Command, words: readonly string[]): { readonly own: readonly string[]; readonly after: readonly string[] } {
  const own = command.after === undefined ? words : beforeDashes(words);
  return { own, after: words.slice(own.length + 1) };
}

/** Reads the words after a command's name. Whatever does not fit is a `usage` failure in the words of the parser. */
export function parse(command: Command, words: readonly string[]): Parsed {
  const parser = parserOf(command);
  const { own, after } = divided(command, words);
  try {
    parser.parse([...own], { from: 'user' });
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    const detail = thrown.message.replace(/^error: /, '').replaceAll('\n', ' ');
    if (thrown.code === 'commander.unknownOption' && own.includes('--jsonl') && command.flags['jsonl'] === undefined)
      throw new Failure('usage', { detail: 'The result of this command is no list, so it has no --jsonl.', hint: 'Print it as JSON instead: --json' });
    throw new Failure('usage', {
      detail: `${detail.charAt(0).toUpperCase()}${detail.slice(1)}.`.replace(/[.)]\.$/, (end) => end.charAt(0)),
      hint: `See: keywright ${command.path.join(' ')} --help`,
    });
  }
  const args = Object.fromEntries(command.args.map((arg, index): [string, unknown] => [arg.name, parser.processedArgs[index] ?? (arg.many ? [] : undefined)]));
  return parsedFrom(parser.opts(), args, after);
}
