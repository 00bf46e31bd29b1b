import { bashScript } from './bash.ts';
import { fishScript } from './fish.ts';
import { powershellScript } from './powershell.ts';
import { commandTree } from './tree.ts';
import { zshScript } from './zsh.ts';

/** The completion scripts by shell, and the names of their files in `completions/`. */
export async function completionScripts(): Promise<ReadonlyArray<{ readonly shell: string; readonly file: string; readonly script: string }>> {
  const tree = await commandTree();
  return [
    { shell: 'bash', file: 'keywright.bash', script: bashScript(tree) },
    { shell: 'zsh', file: '_keywright', script: zshScript(tree) },
    { shell: 'fish', file: 'keywright.fish', script: fishScript(tree) },
    { shell: 'powershell', file: 'keywright.ps1', script: powershellScript(tree) },
  ];
}
