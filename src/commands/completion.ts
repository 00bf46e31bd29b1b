import type { Deps } from '../model/deps.ts';
import { Failure } from '../model/failure.ts';
import { command, type Invocation } from './command.ts';

const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;

const args = [{ name: 'shell', about: 'bash, zsh, fish or powershell', required: true, choices: SHELLS }] as const;

interface Script {
  readonly shell: string;
  readonly script: string;
}

async function run(invocation: Invocation<object, { readonly shell: string }>, deps: Deps): Promise<Script> {
  const shell = SHELLS.find((known) => known === invocation.args.shell);
  if (shell !== undefined) return { shell, script: await deps.completionScript(shell) };
  throw new Failure('usage', { detail: 'There is no completion for this shell.', hint: `The shells are: ${SHELLS.join(', ')}.` });
}

/** `completion`: prints the script that the shell loads; the same file lies in `completions/`. */
export const completion = command({
  path: ['completion'],
  group: 'Tools',
  summary: 'Print the completion script of a shell',
  args,
  flags: {},
  examples: [
    ['keywright completion bash > ~/.local/share/bash-completion/completions/keywright', 'for bash, from the next shell on'],
    ['keywright completion fish > ~/.config/fish/completions/keywright.fish', 'for fish'],
  ],
  run,
  text: ({ script }) => script,
});
