import { variable } from '../../model/env.ts';
import { Failure } from '../../model/failure.ts';
import { handOver } from './child-sink.ts';
import { cannotRestore, type DeliverDeps, type ReadySink } from './sink.ts';

/** It only has to take a few bytes. */
const LIMIT_MS = 10_000;

interface Copier {
  readonly program: string;
  readonly args: readonly string[];
}

const WAYLAND: Copier = { program: 'wl-copy', args: ['--type', 'text/plain'] };
const X11: readonly Copier[] = [
  { program: 'xclip', args: ['-selection', 'clipboard', '-in'] },
  { program: 'xsel', args: ['--clipboard', '--input'] },
];
const MAC: Copier = { program: 'pbcopy', args: [] };
const WINDOWS: Copier = { program: 'clip.exe', args: [] };

/** What can reach the clipboard that this person sees, the best first. */
function copiers({ env, system }: DeliverDeps): readonly Copier[] {
  if (system.platform === 'darwin') return [MAC];
  if (system.platform === 'win32') return [WINDOWS];
  const set = (name: string): boolean => variable(env, name) !== undefined;
  return [...(set('WAYLAND_DISPLAY') ? [WAYLAND] : []), ...(set('DISPLAY') ? X11 : []), ...(set('WSL_DISTRO_NAME') || set('WSL_INTEROP') ? [WINDOWS] : [])];
}

/** `clipboard`: through the program that this desktop has for it. */
export async function clipboardSink(deps: DeliverDeps): Promise<ReadySink> {
  const possible = copiers(deps);
  if (possible.length === 0) {
    throw new Failure('refused', {
      detail: 'There is no clipboard here: neither WAYLAND_DISPLAY nor DISPLAY is set. No key was made.',
      hint: 'Name another sink, or none: the key is then printed.',
    });
  }
  for (const { program, args } of possible) {
    const file = await deps.children.find(program);
    if (file === undefined) continue;
    return {
      name: 'clipboard',
      before: null,
      deliver: async ({ key: { key } }) => {
        // Some of them stay behind to answer for what was copied, and would keep our pipes open.
        await handOver({ file, args, input: key, limitMs: LIMIT_MS, output: 'ignored' }, { program, key }, deps);
      },
      restore: cannotRestore('clipboard'),
    };
  }
  const names = possible.map(({ program }) => program).join(', ');
  throw new Failure('not-found', {
    detail: `No program for the clipboard is on PATH (${names}). No key was made.`,
    hint: 'Install one of them, or name another sink.',
  });
}
