import { maskOf } from '../../api/mask.ts';
import type { ChildCall, ChildEnd } from '../../model/child.ts';
import { Failure } from '../../model/failure.ts';
import type { Secret } from '../../model/secret.ts';
import { plainText } from '../../render/plain-text.ts';
import { type DeliverDeps, untaken } from './sink.ts';

type ChildDeps = Pick<DeliverDeps, 'children' | 'interrupted'>;

export function endedWell(end: ChildEnd): end is Extract<ChildEnd, { kind: 'ended' }> & { readonly code: 0 } {
  return end.kind === 'ended' && end.code === 0;
}

/** What a program said last, as one line: of stderr, or where that is empty of stdout. */
export function outputOf(end: ChildEnd, hide: readonly Secret[] = []): string {
  if (end.kind !== 'ended' && end.kind !== 'killed') return '';
  const mask = maskOf(hide);
  const lines = (text: string): readonly string[] =>
    text
      .split(/\r?\n/)
      .map((line) => plainText(mask.text(line)))
      .filter((line) => line !== '');
  const [said, other] = [lines(end.stderr), lines(end.stdout)];
  return plainText((said.length > 0 ? said : other).slice(-3).join(' / ')).replace(/[.]+$/, '');
}

/** How a program ended, to stand after its name. */
function howItEnded(end: ChildEnd, words: string): string {
  const told = words === '' ? '' : `: ${words}`;
  switch (end.kind) {
    case 'ended':
      return `ended with ${end.code}${told}`;
    case 'killed':
      return `was ended by ${end.signal}${told}`;
    case 'not-started':
      return `cannot be started (${end.why})`;
    case 'too-long':
      return 'did not end in time, and was ended';
  }
}

/** Where a program is; `not-found` where it is not. */
export async function foundProgram(program: string, sink: string, { children }: ChildDeps): Promise<string> {
  const file = await children.find(program);
  if (file !== undefined) return file;
  const shown = plainText(program, 100);
  throw new Failure('not-found', {
    detail: program.includes('/')
      ? `${shown}, which ${sink} names, is no program that can be started. No key was made.`
      : `${sink} needs the program ${shown}, which is not on PATH. No key was made.`,
    hint: `Install it, or name another sink.`,
  });
}

/** Runs a program that tells whether a sink can be used, before any key is made; `signed-out` where it says no. */
export async function askProgram(call: ChildCall, { program, signIn }: { readonly program: string; readonly signIn: string }, deps: ChildDeps): Promise<void> {
  const end = await deps.children.run(call);
  if (endedWell(end)) return;
  if (deps.interrupted.aborted) throw new Failure('cancelled', { detail: 'The command was interrupted before any key was made.' });
  if (end.kind === 'too-long') throw new Failure('timed-out', { detail: `${program} did not say in time whether it is signed in. No key was made.` });
  throw new Failure('signed-out', { detail: `${program} is not signed in: it ${howItEnded(end, outputOf(end))}. No key was made.`, hint: signIn });
}

/** Hands a key to a program through its standard input. Anything but its ending well is a failure that says what the program said, without the key. */
export async function handOver(
  call: ChildCall & { readonly input: Secret },
  { program, key }: { readonly program: string; readonly key: Secret },
  deps: ChildDeps,
): Promise<ChildEnd> {
  if (deps.interrupted.aborted) throw untaken('cancelled', { detail: `The command was interrupted before ${program} was started.` }, false);
  const end = await deps.children.run(call);
  if (endedWell(end)) return end;
  const words = howItEnded(end, outputOf(end, [key]));
  if (deps.interrupted.aborted) throw untaken('cancelled', { detail: `The command was interrupted: ${program} ${words}.` }, true);
  if (end.kind === 'not-started') throw untaken('not-found', { detail: `${program} ${words}.` }, false);
  throw untaken(end.kind === 'too-long' ? 'timed-out' : 'refused', { detail: `${program} ${words}.`, hint: 'Put right what it says, and try again.' }, true);
}
