import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CompletionShell } from '../model/completion-shell.ts';

/** The names of the scripts; zsh finds a completion by the file's name. */
const FILES: Readonly<Record<CompletionShell, string>> = { bash: 'keywright.bash', zsh: '_keywright', fish: 'keywright.fish', powershell: 'keywright.ps1' };

/** Reads the completion script of a shell out of the folder that comes with the program. */
export async function readCompletionScript(dir: string, shell: CompletionShell): Promise<string> {
  return readFile(join(dir, FILES[shell]), 'utf8');
}
