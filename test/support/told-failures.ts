import { lookUp } from '../../src/cli/command-table.ts';
import { FAILURE_CODES } from '../../src/cli/exit-codes.ts';
import { FAILURES, type FailureCode } from '../../src/model/failure.ts';

interface Outputs {
  readonly stdout: string;
  readonly stderr: string;
}

const known = (code: unknown): FailureCode | undefined => FAILURE_CODES.find((each) => each === code);

/** The code of the failure that a command told, as text or as JSON; undefined where it told none. */
function codeIn({ stdout, stderr }: Outputs): FailureCode | undefined {
  const asText = /^error\[([a-z-]+)\]: /m.exec(stderr)?.[1];
  if (asText !== undefined) return known(asText);
  try {
    const told: { readonly error?: { readonly code?: unknown } } | null = JSON.parse(stdout);
    return known(told?.error?.code);
  } catch {
    return undefined;
  }
}

/** The failure that a command ended with although its help does not tell that it may; undefined where all is well. */
export async function untoldFailure(words: readonly string[], outputs: Outputs): Promise<FailureCode | undefined> {
  const code = codeIn(outputs);
  const found = lookUp(words);
  if (code === undefined || found.kind !== 'command') return undefined;
  return (await found.listing.load()).failures[code] === undefined ? code : undefined;
}

/**
 * Throws where a command of the built program ended in a way that its help does not tell: with a failure that is not among its own, with
 * another exit code than that failure has, or with one although no failure was told, where all that it printed was seen. A command that ends
 * as the program does that it ran is passed over.
 */
export async function checkEnd(words: readonly string[], ended: Outputs & { readonly code: number }, printed: 'all-seen' | 'may-be-elsewhere'): Promise<void> {
  const found = lookUp(words);
  if (found.kind !== 'command') return;
  const command = await found.listing.load();
  if (command.otherExits.some(([exit]) => exit === 'any')) return;
  const failure = codeIn(ended);
  if (failure === undefined && printed === 'may-be-elsewhere') return;
  const fits = failure === undefined ? ended.code === 0 : ended.code === FAILURES[failure].exit && command.failures[failure] !== undefined;
  if (fits) return;
  throw new Error(`keywright ${words.join(' ')} ended with ${ended.code} (${failure ?? 'no failure was told'}), which its help does not tell: ${ended.stderr}`);
}
