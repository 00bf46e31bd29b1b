import { bashScript } from './bash.ts';
import { fishScript } from './fish.ts';
import { powershellScript } from './powershell.ts';
import { commandTree } from './tree.ts';
import { zshScript } from './zsh.ts';

/** The completion scripts by shell, and the names of their files in `completions/`. `version` stands at the head of each. */
export async function completionScripts(version: string): Promise<ReadonlyArray<{ readonly shell: string; readonly file: string; readonly script: string }>> {
  const tree = await commandTree();
  return [
    { shell: 'bash', file: 'keywright.bash', script: bashScript(tree, version) },
    { shell: 'zsh', file: '_keywright', script: zshScript(tree, version) },
    { shell: 'fish', file: 'keywright.fish', script: fishScript(tree, version) },
    { shell: 'powershell', file: 'keywright.ps1', script: powershellScript(tree, version) },
  ];
}
