import { Failure } from '../../model/failure.ts';
import { plainText } from '../../render/plain-text.ts';
import { clipboardSink } from './clipboard.ts';
import { envFileSink } from './env-file.ts';
import { checkedCommand, execName, execSink } from './exec.ts';
import { checkedPath, fileSink } from './file.ts';
import { githubEnvSink } from './github-env.ts';
import { checkedRepository, githubSecretSink } from './github-secret.ts';
import { gitlabVarSink } from './gitlab-var.ts';
import { checkedGithubName, checkedVariable, SINK_WORDS } from './names.ts';
import type { DeliverDeps, ReadySink, SinkFormat } from './sink.ts';
import { stdoutSink } from './stdout.ts';

/** How the command was called. */
interface Asked {
  /** `--json`: stdout then prints all that is known of the key. */
  readonly json: boolean;
}

/** A sink whose name was understood. */
interface NamedSink {
  readonly name: string;
  /** The file that it writes, and whether nobody else may write there. */
  readonly file?: { readonly path: string; readonly whole: boolean };
  readonly formats: boolean;
  readonly ready: () => Promise<ReadySink>;
}

function unknown(name: string): Failure {
  return new Failure('usage', {
    detail: `"${plainText(name, 100)}" is no sink.`,
    hint: `A sink is one of: ${SINK_WORDS.join(', ')}; what follows a colon is yours.`,
  });
}

function envFile(rest: string, deps: DeliverDeps): NamedSink {
  const at = rest.lastIndexOf('#');
  if (at === -1) throw new Failure('usage', { detail: 'env-file: needs a file and the name of a variable in it.', hint: 'Such as: env-file:.env#DEPLOY_KEY' });
  const path = checkedPath(rest.slice(0, at), 'env-file:', deps);
  const variable = checkedVariable(rest.slice(at + 1), 'env-file:');
  return { name: `env-file:${path}#${variable}`, file: { path, whole: false }, formats: false, ready: () => envFileSink(path, variable, deps) };
}

function githubSecret(rest: string, deps: DeliverDeps): NamedSink {
  const [name = '', ...repository] = rest.split('@');
  const variable = checkedGithubName(name, 'github-secret:');
  const target = checkedRepository(repository.length === 0 ? undefined : repository.join('@'));
  return { name: `github-secret:${rest}`, formats: false, ready: () => githubSecretSink(variable, target, deps) };
}

async function named(word: string, format: SinkFormat | undefined, deps: DeliverDeps, asked: Asked): Promise<NamedSink> {
  if (word === 'stdout') return { name: word, formats: true, ready: async () => stdoutSink(asked.json ? 'whole' : (format ?? 'raw'), deps) };
  if (word === 'clipboard') return { name: word, formats: false, ready: () => clipboardSink(deps) };
  const colon = word.indexOf(':');
  if (colon === -1) throw unknown(word);
  const rest = word.slice(colon + 1);
  switch (word.slice(0, colon)) {
    case 'file': {
      const path = checkedPath(rest, 'file:', deps);
      return { name: `file:${path}`, file: { path, whole: true }, formats: true, ready: () => fileSink(path, format, deps) };
    }
    case 'env-file':
      return envFile(rest, deps);
    case 'github-env': {
      const variable = checkedGithubName(rest, 'github-env:');
      return { name: `github-env:${variable}`, formats: false, ready: () => githubEnvSink(variable, deps) };
    }
    case 'github-secret':
      return githubSecret(rest, deps);
    case 'gitlab-var': {
      const variable = checkedVariable(rest, 'gitlab-var:');
      return { name: `gitlab-var:${variable}`, formats: false, ready: () => gitlabVarSink(variable, deps) };
    }
    case 'exec': {
      const words = await checkedCommand(rest, deps);
      return { name: execName(words), formats: false, ready: () => execSink(words, deps) };
    }
    default:
      throw unknown(word);
  }
}

function checkTogether(sinks: readonly NamedSink[], format: SinkFormat | undefined, asked: Asked): void {
  sinks.forEach((sink, index) => {
    const before = sinks.slice(0, index);
    if (before.some(({ name }) => name === sink.name))
      throw new Failure('usage', { detail: `The sink ${plainText(sink.name)} is named twice.`, hint: 'Name it once.' });
    const other = before.find(({ file }) => file !== undefined && file.path === sink.file?.path && (file.whole || sink.file.whole));
    if (other !== undefined)
      throw new Failure('usage', {
        detail: `${plainText(other.name)} and ${plainText(sink.name)} write the same file.`,
        hint: 'Name another file for one of them.',
      });
  });
  if (format === undefined) return;
  if (!sinks.some(({ formats }) => formats))
    throw new Failure('usage', { detail: '--format is for stdout and file: alone, and neither of them is a sink here.', hint: 'Leave it out.' });
  if (asked.json && sinks.some(({ name }) => name === 'stdout')) {
    throw new Failure('usage', { detail: '--json and --format both say what stdout prints.', hint: 'Give one of them.' });
  }
}

/**
 * Reads sink names and checks each, before any key is made. No names mean stdout. A name that is no sink's, or that comes twice, is `usage`;
 * a sink that cannot take a key now is `refused`, `not-found`, `signed-out` or `timed-out`, naming it. Nothing is changed.
 */
export async function readySinks(
  names: readonly string[],
  format: SinkFormat | undefined,
  deps: DeliverDeps,
  asked: Asked = { json: false },
): Promise<readonly ReadySink[]> {
  const sinks: NamedSink[] = [];
  for (const word of names.length === 0 ? ['stdout'] : names) sinks.push(await named(word, format, deps, asked));
  checkTogether(sinks, format, asked);
  const ready: ReadySink[] = [];
  for (const sink of sinks) ready.push(await sink.ready());
  // A check may have ended early because of Ctrl-C: nothing shall be made after that.
  deps.interrupted.throwIfAborted();
  return ready;
}
