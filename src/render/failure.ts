import { FAILURES, type Failure } from '../model/failure.ts';
import { plainText } from './plain-text.ts';

/** The text of a failure for stderr: `error[code]: title`, one line of detail, one line that says what to do. */
export function failureText(failure: Failure): string {
  const lines = [`error[${failure.code}]: ${FAILURES[failure.code].title}`, `  ${plainText(failure.detail, 600)}`];
  if (failure.hint !== undefined) lines.push(`hint: ${plainText(failure.hint, 600)}`);
  return `${lines.join('\n')}\n`;
}

/** The same for `--json`: always an object, on stdout. */
export function failureJson(failure: Failure): { readonly error: Readonly<Record<string, unknown>> } {
  return {
    error: {
      code: failure.code,
      message: FAILURES[failure.code].title,
      detail: plainText(failure.detail, 600),
      hint: failure.hint === undefined ? null : plainText(failure.hint, 600),
      retry: FAILURES[failure.code].retry,
      ...failure.data,
    },
  };
}
