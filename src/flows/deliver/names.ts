import { Failure } from '../../model/failure.ts';
import { plainText } from '../../render/plain-text.ts';

/** The words that `--to` begins with, in the order of the help. */
export const SINK_WORDS = ['stdout', 'file:', 'env-file:', 'clipboard', 'github-env:', 'github-secret:', 'gitlab-var:', 'exec:'] as const;

/** Those whose name goes on as a path. */
export const FILE_SINKS = ['file:', 'env-file:'] as const;

/** Checks the name of a variable: letters, digits and `_`, no digit first (POSIX 3.231). `usage` otherwise. */
export function checkedVariable(name: string, sink: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]{0,199}$/.test(name)) return name;
  throw new Failure('usage', {
    detail: `${sink} needs the name of a variable, and "${plainText(name, 60)}" cannot be one.`,
    hint: 'A name has letters, digits and _, and begins with none of the digits, such as DEPLOY_KEY.',
  });
}

/** As `checkedVariable`; GitHub keeps names that begin with GITHUB_ to itself, in secrets and in variables. */
export function checkedGithubName(name: string, sink: string): string {
  if (!/^GITHUB_/i.test(name)) return checkedVariable(name, sink);
  throw new Failure('usage', {
    detail: `${sink} cannot set ${plainText(name, 60)}: GitHub keeps names that begin with GITHUB_ to itself.`,
    hint: 'Choose another name.',
  });
}
