import { Failure } from '../../model/failure.ts';
import { Secret } from '../../model/secret.ts';
import { plainText } from '../../render/plain-text.ts';
import { foundProgram, handOver } from './child-sink.ts';
import { cannotRestore, type DeliverDeps, type ReadySink } from './sink.ts';

/** Somebody else's program, which may wait for a network or a person. */
const LIMIT_MS = 5 * 60_000;

/** A command line of which `words` makes the same words again. */
function lineOf(words: readonly string[]): string {
  return words.map((word) => (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
}

/** The words of a command, its program as an absolute path where it was named by one. `usage` where there are none. */
export async function checkedCommand(
  line: string,
  { children, keyFiles }: Pick<DeliverDeps, 'children' | 'keyFiles'>,
): Promise<readonly [string, ...string[]]> {
  const [program, ...args] = await children.words(line);
  if (program === undefined || program === '')
    throw new Failure('usage', { detail: 'exec: needs a command.', hint: "Such as: --to 'exec:vault kv put -mount=secret ci key=-'" });
  return [program.includes('/') ? keyFiles.resolve(program) : program, ...args];
}

/** The name of the sink that runs this command. */
export const execName = (words: readonly string[]): string => `exec:${lineOf(words)}`;

/** `exec:CMD`: any program, without a shell; it finds the key and a line end on its standard input. */
export async function execSink([program, ...args]: readonly [string, ...string[]], deps: DeliverDeps): Promise<ReadySink> {
  const name = execName([program, ...args]);
  const file = await foundProgram(program, 'exec:', deps);
  return {
    name,
    before: null,
    deliver: async ({ key: { key } }) => {
      await handOver({ file, args, input: new Secret(`${key.reveal()}\n`), limitMs: LIMIT_MS }, { program: plainText(program, 100), key }, deps);
    },
    restore: cannotRestore(plainText(name)),
  };
}
