import type { ParsedInvocation } from '../commands/command.ts';
import type { CommonFlags } from './common-flags.ts';

/** What the words after a command's name say. */
export interface Parsed {
  readonly invocation: ParsedInvocation;
  readonly common: CommonFlags;
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** The values of all flags and arguments, put where each is looked for. `options` holds what the flags of the command and the common ones gave. */
export function parsedFrom(options: Readonly<Record<string, unknown>>, args: Readonly<Record<string, unknown>>, after: readonly string[]): Parsed {
  const json = options['json'] === true;
  return {
    invocation: { options, args, after, choice: { provider: text(options['provider']), account: text(options['account']) }, json },
    common: {
      json,
      jsonl: options['jsonl'] === true,
      quiet: options['quiet'] === true,
      debug: options['debug'] === true,
      noInput: options['noInput'] === true,
      noColor: options['noColor'] === true,
    },
  };
}
