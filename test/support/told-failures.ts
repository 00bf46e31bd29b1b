import { lookUp } from '../../src/cli/command-table.ts';
import { FAILURE_CODES } from '../../src/cli/exit-codes.ts';
import type { FailureCode } from '../../src/model/failure.ts';

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
