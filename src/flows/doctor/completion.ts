import { COMPLETION_SHELLS, type CompletionShell } from '../../model/completion.ts';
import { isFailure } from '../../model/failure.ts';
import { plainText } from '../../render/plain-text.ts';
import { type CheckDeps, type Finding, ok, warning } from './finding.ts';

async function checkShell(shell: CompletionShell, { completionScripts }: Pick<CheckDeps, 'completionScripts'>): Promise<readonly Finding[]> {
  const [{ version }, { paths }] = await Promise.all([completionScripts.script(shell), completionScripts.place(shell)]);
  const found = (await Promise.all(paths.map((path) => completionScripts.look(path)))).flatMap((file) => (file.kind === 'ours' ? [file.version] : []));
  if (found.length === 0) return [];
  const old = found.find((each) => each !== version);
  if (old === undefined) return [ok('completion-stale', `The completion of ${shell} is of this version.`)];
  return [
    warning(
      'completion-stale',
      `The completion of ${shell} is of version ${plainText(old, 40)}, and this is ${version}: it may offer what there is not.`,
      `Renew it: keywright completion install ${shell}`,
    ),
  ];
}

/** Scripts that were put where shells look, and are of another version. None is no finding. */
export async function checkCompletion(deps: Pick<CheckDeps, 'completionScripts'>): Promise<readonly Finding[]> {
  try {
    return (await Promise.all(COMPLETION_SHELLS.map((shell) => checkShell(shell, deps)))).flat();
  } catch (thrown) {
    // Where there is no home folder there is no place for a script.
    if (isFailure(thrown)) return [];
    throw thrown;
  }
}
