import { removeScript } from '../../flows/completion/files.ts';
import { chosenShell } from '../../flows/completion/shell.ts';
import { COMPLETION_SHELLS, type CompletionShell } from '../../model/completion.ts';
import type { Deps } from '../../model/deps.ts';
import { plainText } from '../../render/plain-text.ts';
import { command, type Invocation } from '../command.ts';

const args = [
  { name: 'shell', about: 'bash, zsh, fish or powershell; the one in SHELL unless it is said', required: false, choices: COMPLETION_SHELLS },
] as const;

interface Uninstalled {
  readonly shell: CompletionShell;
  readonly removed: readonly string[];
}

/** Longest path that is shown. */
const LONGEST = 1000;

async function run({ args: { shell: named } }: Invocation<object, { readonly shell: string | undefined }>, deps: Deps): Promise<Uninstalled> {
  const shell = chosenShell(named, deps);
  return { shell, removed: await removeScript(shell, deps) };
}

/** `completion uninstall`: removes what `completion install` wrote. Nothing there is success, so that it can run twice. */
export const uninstall = command({
  path: ['completion', 'uninstall'],
  group: 'Tools',
  summary: 'Remove what completion install wrote',
  args,
  flags: {},
  examples: [
    ['keywright completion uninstall', 'for the shell that you log in with'],
    ['keywright completion uninstall zsh', 'a line that you added to ~/.zshrc stays, and is yours to remove'],
  ],
  failures: { refused: 'There is a file there that we did not write, or it cannot be removed' },
  run,
  text: ({ removed }) => removed.map((path) => `${plainText(path, LONGEST)}\n`).join(''),
  notes: ({ shell, removed }) => (removed.length === 0 ? [`There was no script for ${shell}.`] : []),
});
