import { join } from 'node:path';
import type { Ending } from '../model/ending.ts';
import type { Paths } from '../adapters/paths.ts';
import type { Signals } from '../adapters/signals.ts';
import type { StandardStreams } from '../adapters/standard-streams.ts';
import type { Clock } from '../model/clock.ts';
import type { Env } from '../model/env.ts';
import type { Random } from '../model/random.ts';

/** What `main.ts` knows of the process that it runs in, for the rooms that build the world out of it. What costs something is asked for when it is needed. */
export interface Surroundings {
  readonly env: Env;
  /** The environment for children, without credentials. */
  readonly childEnv: Env;
  readonly platform: NodeJS.Platform;
  /** The user id; undefined on systems without such numbers (Windows). */
  readonly uid: number | undefined;
  readonly nodeVersion: string;
  /** The running Node, behind all links. */
  readonly execPath: string;
  /** The script as it was started, which may be a link to the launcher. */
  readonly started: string | undefined;
  /** The folder of the built program. */
  readonly dist: string;
  /** The folder that we were started in; undefined where somebody deleted it. */
  readonly cwd: () => string | undefined;
  readonly paths: Paths;
  readonly home: () => string | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly streams: StandardStreams;
  readonly signals: Pick<Signals, 'take'>;
  /** Ends by Ctrl-C or SIGTERM. */
  readonly interruption: Ending;
  /** The same as a signal, which Node takes a while to make. */
  readonly interrupted: AbortSignal;
}

/** The built file of the keychain's child process. */
export const keychainChild = ({ dist }: Pick<Surroundings, 'dist'>): string => join(dist, 'keychain-child.js');
