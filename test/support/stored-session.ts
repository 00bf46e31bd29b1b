import process from 'node:process';
import { execa } from 'execa';
import type { LocalRealm } from '../../src/backend/start.ts';
import type { StoreName } from '../../src/model/credentials.ts';
import type { Variables } from './cli.ts';
import { bundleProgram } from './keychain-world.ts';

export interface SeenSession {
  readonly access: string;
  readonly refresh: string;
  readonly tokenEndpoint: string;
  readonly clientId: string;
}

/** Looks at stored sessions, and lets them grow old, from outside of the program. */
export interface StoredSessions {
  /** The session of the default account at this realm; undefined where there is none. */
  show(env: Variables, store: StoreName, realm: LocalRealm): Promise<SeenSession | undefined>;
  /** Lets its access token have expired a minute ago. Gives the session as it was. */
  age(env: Variables, store: StoreName, realm: LocalRealm): Promise<SeenSession>;
  remove(): Promise<void>;
}

export async function lookAtSessions(): Promise<StoredSessions> {
  const { file, remove } = await bundleProgram('test/support/stored-session-program.ts');
  const run = async (operation: string, env: Variables, store: StoreName, realm: LocalRealm): Promise<SeenSession | undefined> => {
    const { stdout } = await execa(process.execPath, [file, operation, store, realm.origin], { env, extendEnv: false, stdin: 'ignore' });
    const seen: SeenSession | null = JSON.parse(stdout);
    return seen ?? undefined;
  };
  return {
    show: (env, store, realm) => run('show', env, store, realm),
    age: async (env, store, realm) => {
      const seen = await run('age', env, store, realm);
      if (seen === undefined) throw new Error('there is no session to let grow old');
      return seen;
    },
    remove,
  };
}

/** Tries a refresh token at the server itself, as a thief would. Gives the status and the `error` of the answer. */
export async function spend(session: SeenSession): Promise<{ readonly status: number; readonly error: unknown }> {
  const response = await fetch(session.tokenEndpoint, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: session.refresh, client_id: session.clientId }),
  });
  const body: { readonly error?: unknown } = JSON.parse(await response.text());
  return { status: response.status, error: body.error };
}
