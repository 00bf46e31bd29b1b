import { FAILURES } from '../../model/failure.ts';
import { FAILURE_CODES, threeColumns } from '../exit-codes.ts';

/** `help exit-codes`: the table of failures, and how a program tells them apart. */
export function exitCodesTopic(): string {
  const rows = FAILURE_CODES.map((code): readonly [string, string, string] => [
    String(FAILURES[code].exit),
    code,
    `${FAILURES[code].title}${FAILURES[code].retry ? ' (trying again can help)' : ''}`,
  ]);
  return `Exit codes

Every command ends with 0 when all of it was done, and else with the exit code
of one of these failures. The codes in the second column are permanent, and
finer than the exit codes: a script that must tell two apart reads the code.

${threeColumns([['0', '', 'Done'], ...rows])}

As text a failure stands on stderr:

  error[signed-out]: You are not signed in
    what happened, in one line
  hint: what to do now

With --json it stands on stdout in place of the result; "retry" says whether
trying the same again can help:

  {"error":{"code":"signed-out","message":"...","detail":"...","hint":"...",
   "retry":false}}

Commands that go on differently:

  run          ends as the program did that it ran; 126 says that it cannot be
               executed, 127 that there is no such program
  auth status  ends with 4 only if the provider that was named, or every one,
               is signed out
  doctor       ends with 9 if a finding is a problem, with 0 if there are
               warnings alone
  auth list-keys
               may fail after it printed something; stderr then says that the
               result is not whole

"keywright <command> --help" lists what a command can end with, and what each
code means there.
`;
}
