import type { BridgeStart } from '../../mcp/clients/client.ts';
import { type Env, variable } from '../../model/env.ts';
import type { ProgramFacts } from '../../model/system.ts';

/** The name of our entry in a client's file. Others who write there know it by this name too, so it never changes. */
export function entryNameOf(provider: string): string {
  return `${ENTRY_PREFIX}${provider}`;
}

const ENTRY_PREFIX = 'keywright-';

/** Stands where the id of a grant will be, while nothing is made yet. */
export const GRANT_TO_COME = 'to-be-made';

export interface StartWorld {
  readonly program: ProgramFacts;
  readonly env: Env;
  /** As `process.platform` has it. */
  readonly platform: string;
}

/**
 * How a client starts the bridge: our Node and our launcher by absolute paths, the grant by its id, and of the surroundings only what
 * differs from what a process finds that is given nothing. Clients hand on different variables, so everything stands in the arguments,
 * and nothing of it is a secret.
 */
export function bridgeStart(provider: string, grant: string, world: StartWorld): BridgeStart {
  const { node, script, folders, usualFolders } = world.program;
  const bus = unusualBus(world);
  return {
    command: node,
    args: [
      script,
      'mcp',
      provider,
      '--grant',
      grant,
      ...(bus === undefined ? [] : ['--dbus', bus]),
      ...(folders.state === usualFolders.state ? [] : ['--state', folders.state]),
      ...(folders.data === usualFolders.data ? [] : ['--data', folders.data]),
    ],
  };
}

/** The session bus, where the keychain is reached by one that does not lie where systemd puts it. The `guid` of an address is a new one each session. */
function unusualBus({ program, env, platform }: StartWorld): string | undefined {
  const address = platform === 'darwin' || platform === 'win32' ? undefined : variable(env, 'DBUS_SESSION_BUS_ADDRESS');
  const lasting = address?.replace(/,guid=[0-9a-f]*/g, '');
  return lasting === `unix:path=/run/user/${program.uid}/bus` ? undefined : lasting;
}
