import { Failure } from '../model/failure.ts';
import { STORE, REFRESH } from '../model/failure-sets.ts';
import { PROVIDER_IDS } from '../providers/known-words.ts';
import { command } from './command.ts';

/**
 * The bridge between an MCP client and a provider. Clients start it by a shorter way (`src/bridge.ts`), which reads the
 * same flags; what comes here is typed by hand, or wrong.
 */
export const mcp = command({
  path: ['mcp'],
  group: 'Agents',
  summary: 'Connect an MCP client to a provider, with the key of a grant',
  args: [{ name: 'provider', about: 'The provider whose MCP server is meant', required: true, choices: PROVIDER_IDS, completes: 'providers' }],
  flags: {
    grant: { takes: 'id', completes: 'grants', about: 'The grant whose key is used; see list-grants' },
    dbus: { takes: 'address', about: 'The session bus by which the keychain is reached, where it is not the usual one' },
    state: { takes: 'folder', path: true, about: 'The folder of our records, where it is not the usual one' },
    data: { takes: 'folder', path: true, about: 'The folder of the encrypted file, where it is not the usual one' },
  },
  examples: [
    ['keywright mcp memax --grant 4fTq0aZ81bXk', 'what a client runs: MCP on standard input and output'],
    ['keywright mcp memax --grant 4fTq0aZ81bXk --data ./data', 'for a client that hands on no environment, with the encrypted file elsewhere'],
  ],
  failures: {
    ...STORE,
    ...REFRESH,
    'not-found': 'There is no grant with this id here, or no MCP server at the provider',
    'session-ended': 'The grant was revoked or has expired',
    'missing-scope': null,
  },
  run: async ({ options, args }, deps) => {
    const { grant, dbus, state, data } = options;
    if (grant === undefined)
      throw new Failure('usage', { detail: 'No grant was named.', hint: 'Name one with --grant; make one with: keywright auth create-grant --agent <name>.' });
    if (deps.prompt.stdinIsTerminal) deps.output.note('This speaks MCP on standard input and output: it is for clients to start. Ctrl-C ends it.');
    await deps.bridge({ provider: args.provider, grant, dbus, state, data });
  },
  text: () => '',
  json: () => undefined,
});
