import { installScript } from '../../flows/completion/files.ts';
import { chosenShell } from '../../flows/completion/shell.ts';
import { COMPLETION_SHELLS, type CompletionShell } from '../../model/completion.ts';
import type { Deps } from '../../model/deps.ts';
import { plainText } from '../../render/plain-text.ts';
import { command, type Invocation } from '../command.ts';

const args = [
  { name: 'shell', about: 'bash, zsh, fish or powershell; the one in SHELL unless it is said', required: false, choices: COMPLETION_SHELLS },
] as const;

interface Installed {
  readonly shell: CompletionShell;
  readonly paths: readonly string[];
  readonly startUp: { readonly file: string; readonly line: string } | null;
}

/** Longest line that is shown; paths are long. */
const LONGEST = 1000;

async function run({ args: { shell: named } }: Invocation<object, { readonly shell: string | undefined }>, deps: Deps): Promise<Installed> {
  const shell = chosenShell(named, deps);
  return { shell, ...(await installScript(shell, deps)) };
}

function notes({ shell, startUp }: Installed): readonly string[] {
  if (startUp === null) return [`The next ${shell} completes keywright and kw.`];
  return [`This line in ${plainText(startUp.file, LONGEST)} makes ${shell} load it (nothing was written there):`, `  ${plainText(startUp.line, LONGEST)}`];
}

/** `completion install`: puts the script where the shell looks, and says the line that a start-up file still needs. It never writes to such a file. */
export const install = command({
  path: ['completion', 'install'],
  group: 'Tools',
  summary: 'Put the completion script where a shell looks',
  args,
  flags: {},
  examples: [
    ['keywright completion install', 'for the shell that you log in with'],
    ['keywright completion install fish', 'for another one'],
  ],
  failures: { refused: 'There is a file there that we did not write, or no place for one' },
  run,
  text: ({ paths }) => paths.map((path) => `${plainText(path, LONGEST)}\n`).join(''),
  notes,
  json: ({ shell, paths, startUp }) => ({ shell, paths, start_up: startUp }),
});
