import { Command as Parser } from 'commander';
import { type Command, GROUPS } from '../commands/command.ts';
import { COMMANDS } from './command-table.ts';
import { GROUP_SUMMARIES } from './groups.ts';
import { parserOf } from './parser.ts';
import { TOPICS } from './topics/topics.ts';

const ABOUT = 'One command line for every API credential a developer holds.';

function overview(title: string, about: string, commands: readonly Command[]): string {
  const parser = new Parser(title).description(about).usage('<command> [flags]').helpOption('-h, --help', 'Show help; also after any command');
  parser.helpCommand(false);
  for (const group of GROUPS) {
    for (const command of commands.filter((each) => each.group === group)) {
      const words = command.args.map((arg) => (arg.required ? `<${arg.name}${arg.many ? '...' : ''}>` : `[${arg.name}${arg.many ? '...' : ''}]`));
      if (command.after !== undefined) words.push(`-- <${command.after.name}...>`);
      parser.addCommand(new Parser([...command.path, ...words].join(' ')).description(command.summary).helpGroup(`${group}:`).helpOption(false));
    }
  }
  parser.configureHelp({ subcommandTerm: (command) => command.name() });
  return parser.helpInformation();
}

const topicLines = (): string => TOPICS.map(({ name, summary }) => `  ${`help ${name}`.padEnd(20)}${summary}\n`).join('');

/**
 * The help text of everything: '' is the root, 'auth' a group, 'auth create-key' a command, 'exit-codes' a topic.
 * Made when the program is built, so that no help has to load more than its own text.
 */
export async function allTexts(): Promise<Record<string, string>> {
  const commands = await Promise.all(COMMANDS.map((listing) => listing.load()));
  const texts: Record<string, string> = {
    '': `${overview('keywright', ABOUT, commands)}\nMore:\n${topicLines()}\nSee "keywright <command> --help" for the flags, examples and exit codes of a command.\n`,
  };
  for (const topic of TOPICS) texts[topic.name] = topic.text();
  for (const [group, about] of Object.entries(GROUP_SUMMARIES)) {
    texts[group] = overview(
      `keywright ${group}`,
      about,
      commands.filter((command) => command.path[0] === group).map((command) => ({ ...command, path: command.path.slice(1) })),
    );
  }
  for (const command of commands) {
    let text = '';
    const parser = parserOf(command);
    parser.configureOutput({ writeOut: (part) => (text += part) });
    parser.outputHelp();
    texts[command.path.join(' ')] = text;
  }
  return texts;
}
