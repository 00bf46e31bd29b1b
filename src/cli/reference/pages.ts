import { type Arg, type Command, type Flags, GROUPS } from '../../commands/command.ts';
import { COMMANDS } from '../command-table.ts';
import { COMMON, kebab } from '../common-flags.ts';
import { exitsOf } from '../exit-codes.ts';
import { TOPICS } from '../topics/topics.ts';
import { troubleshooting } from './troubleshooting.ts';

/** A file below docs/, in Markdown that nobody has made even yet. */
export interface Page {
  readonly file: string;
  readonly text: string;
}

/** What Markdown would take for more than text. */
const prose = (text: string): string => text.replace(/[\\*_<>|[\]`]/g, '\\$&');

const table = (titles: readonly string[], rows: ReadonlyArray<readonly string[]>): string =>
  [titles, titles.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const argWord = ({ name, required, many }: Arg): string => {
  const word = `${name}${many ? '...' : ''}`;
  return required ? `<${word}>` : `[${word}]`;
};

function usage(command: Command): string {
  const words = ['keywright', ...command.path, ...command.args.map(argWord), '[flags]'];
  return [...words, ...(command.after === undefined ? [] : [`-- <${command.after.name}...>`])].join(' ');
}

function flagRows(flags: Flags): ReadonlyArray<readonly string[]> {
  return Object.entries(flags).map(([name, { takes, short, many, about }]) => [
    `\`${short === undefined ? '' : `-${short}, `}--${kebab(name)}${takes === undefined ? '' : ` <${takes}>`}\``,
    `${prose(about)}${many ? ' (can be repeated)' : ''}`,
  ]);
}

const pageName = ({ path }: Pick<Command, 'path'>): string => `${path.join('-')}.md`;

function commandPage(command: Command): Page {
  const { args, after, flags, examples } = command;
  const argRows = [
    ...args.map((arg) => [`\`${argWord(arg)}\``, prose(arg.about)]),
    ...(after === undefined ? [] : [[`\`-- <${after.name}...>\``, prose(after.about)]]),
  ];
  const parts = [
    `# keywright ${command.path.join(' ')}`,
    `${prose(command.summary)}.`,
    `\`\`\`sh\n${usage(command)}\n\`\`\``,
    ...(argRows.length === 0 ? [] : ['## Arguments', table(['argument', 'what it is'], argRows)]),
    ...(Object.keys(flags).length === 0 ? [] : ['## Flags', table(['flag', 'what it does'], flagRows(flags))]),
    '## Flags of every command',
    table(['flag', 'what it does'], [...flagRows(COMMON), ['`-h, --help`', 'Show help']]),
    '## Examples',
    `\`\`\`sh\n${examples.map(([line, about]) => `# ${about}\n${line}`).join('\n\n')}\n\`\`\``,
    '## Exit codes',
    table(
      ['exit code', 'failure', 'what it means here'],
      exitsOf(command).map(({ exit, code, meaning }) => [exit, code === null ? '' : `[\`${code}\`](../troubleshooting.md#${code})`, prose(meaning)]),
    ),
  ];
  return { file: `reference/${pageName(command)}`, text: `${parts.join('\n\n')}\n` };
}

function topicPage({ name, summary, text }: (typeof TOPICS)[number]): Page {
  return { file: `reference/help-${name}.md`, text: `# keywright help ${name}\n\n${prose(summary)}.\n\n\`\`\`text\n${text().trimEnd()}\n\`\`\`\n` };
}

function index(commands: readonly Command[]): Page {
  const groups = GROUPS.map((group) => {
    const rows = commands
      .filter((command) => command.group === group)
      .map((command) => [`[\`${[...command.path, ...command.args.map(argWord)].join(' ')}\`](${pageName(command)})`, prose(command.summary)]);
    return `## ${group}\n\n${table(['command', 'what it does'], rows)}`;
  });
  const topics = TOPICS.map(({ name, summary }) => [`[\`help ${name}\`](help-${name}.md)`, prose(summary)]);
  const parts = [
    '# Commands',
    'What `keywright <command> --help` says, a page for each command. These pages are generated: `npm run reference`.',
    ...groups,
    `## More\n\n${table(['topic', 'what it tells'], [...topics, ['[Troubleshooting](../troubleshooting.md)', 'Every error code and every finding of `doctor`, and what to do']])}`,
  ];
  return { file: 'reference/README.md', text: `${parts.join('\n\n')}\n` };
}

/** Every page that is made of the command tree and of the tables of codes. */
export async function referencePages(): Promise<readonly Page[]> {
  const commands = await Promise.all(COMMANDS.map((listing) => listing.load()));
  return [index(commands), ...commands.map(commandPage), ...TOPICS.map(topicPage), { file: 'troubleshooting.md', text: troubleshooting() }];
}
