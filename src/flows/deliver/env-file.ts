import { Failure } from '../../model/failure.ts';
import { Secret } from '../../model/secret.ts';
import { plainText } from '../../render/plain-text.ts';
import { valueIn, withoutLine, withValue } from './env-lines.ts';
import { writablePlace, writeKey } from './file.ts';
import { quoted } from './formats.ts';
import { refuseWhatGitKeeps } from './git.ts';
import { type DeliverDeps, type ReadySink, untaken } from './sink.ts';

/** `env-file:PATH#NAME`: sets one variable in a file of variables and keeps every other byte. The file becomes 0600. */
export async function envFileSink(path: string, variable: string, deps: DeliverDeps): Promise<ReadySink> {
  const { keyFiles } = deps;
  const read = async (): Promise<string> => (await keyFiles.read(path))?.reveal() ?? '';
  const found = (text: string): string | undefined => {
    const value = valueIn(text, variable);
    if (value.kind !== 'twice') return value.kind === 'once' ? value.value : undefined;
    throw untaken('refused', { detail: `${plainText(path)} sets ${variable} more than once.`, hint: 'Take out the line that does not count.' }, false);
  };
  await refuseWhatGitKeeps(await writablePlace(path, deps), deps);
  found(await read());
  return {
    name: `env-file:${path}#${variable}`,
    before: async () => {
      const value = found(await read());
      return value === undefined ? 'nothing' : new Secret(value);
    },
    deliver: async ({ key }) => {
      const text = await read();
      await writeKey(path, new Secret(withValue(text, variable, quoted(key.key.reveal(), found(text)))), deps);
    },
    restore: async (value) => {
      const text = await read();
      if (valueIn(text, variable).kind === 'twice') throw new Failure('refused', { detail: `${plainText(path)} sets ${variable} more than once by now.` });
      const restored = value === 'nothing' ? withoutLine(text, variable) : withValue(text, variable, value.reveal());
      // A file that held nothing else was made for it.
      await (value === 'nothing' && restored === '' ? keyFiles.delete(path) : keyFiles.write(path, new Secret(restored)));
    },
  };
}
