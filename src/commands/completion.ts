import { checkedShell } from '../flows/completion/shell.ts';
import { COMPLETION_SHELLS } from '../model/completion.ts';
import type { Deps } from '../model/deps.ts';
import { command, type Invocation } from './command.ts';

const args = [{ name: 'shell', about: 'bash, zsh, fish or powershell', required: true, choices: COMPLETION_SHELLS }] as const;

interface Script {
  readonly shell: string;
  readonly script: string;
}

async function run({ args: { shell: named } }: Invocation<object, { readonly shell: string }>, deps: Deps): Promise<Script> {
  const shell = checkedShell(named);
  return { shell, script: (await deps.completionScripts.script(shell)).text };
}

/** `completion`: prints the script that the shell loads; the same file lies in `completions/`. */
export const completion = command({
  path: ['completion'],
  group: 'Tools',
  summary: 'Print the completion script of a shell',
  args,
  flags: {},
  examples: [
    ['keywright completion bash > ~/keywright.bash', 'to be loaded by a line in ~/.bashrc: source ~/keywright.bash'],
    ['keywright completion install', 'puts it where your shell looks'],
  ],
  failures: {},
  run,
  text: ({ script }) => script,
});
