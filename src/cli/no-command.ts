import { Failure } from '../model/failure.ts';
import { plainText } from '../render/plain-text.ts';
import type { Lookup } from './command-table.ts';
import type { Streams } from './streams.ts';

type Out = Pick<Streams, 'stdout'>;

/** Prints the help of the command or the group with this name. Gives the exit code. */
export async function printHelp(path: readonly string[], { stdout }: Out): Promise<number> {
  const { allTexts } = await import('./texts.ts');
  stdout((await allTexts())[path.join(' ')] ?? '');
  return 0;
}

/** Answers words that name no command: with help, where they ask for it or name a group. Gives the exit code; anything else is `usage`. */
export async function answer(words: readonly string[], found: Exclude<Lookup, { kind: 'command' }>, streams: Out): Promise<number> {
  if (words[0] === 'help') {
    const { helpOn } = await import('./help.ts');
    streams.stdout(await helpOn(words.slice(1)));
    return 0;
  }
  if (found.kind === 'unknown') {
    const { nearest } = await import('./nearest.ts');
    throw new Failure('usage', {
      detail: `There is no command "${plainText([...found.path, found.word].join(' '), 60)}".`,
      hint: nearest(words),
    });
  }
  const flag = words[found.path.length];
  if (flag !== undefined && flag !== '--help' && flag !== '-h') {
    throw new Failure('usage', {
      detail: `"${plainText(flag, 40)}" comes before a command was named.`,
      hint: 'Write the command first: keywright <command> [flags]. See: keywright --help',
    });
  }
  return printHelp(found.path, streams);
}
