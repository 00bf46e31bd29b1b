import { afterAll, afterEach, beforeAll, expect } from 'vitest';

import { type LocalBackend, type LocalRealm, startBackend } from '../../src/backend/start.ts';
import { makeStandIn, type StandIn } from './browser.ts';
import { type Home, keywright, leadingTo, leftBehind, makeHome, PROGRAM, type Variables } from './cli.ts';
import { openTerminal, type Terminal } from './tmux.ts';

/** People before real terminals, for the tests of a file. */
export interface TerminalScene {
  realm(id?: string): LocalRealm;
  standIn(): StandIn;
  /** Somebody's home, with the addresses of all realms and the file as the store. */
  person(): Promise<Variables>;
  /** The same, signed in to memax. */
  signedInPerson(): Promise<Variables>;
  /** Runs the program in a terminal of so many columns; `through` is what starts it, such as a shell, before its own words. */
  runs(env: Variables, words: readonly string[], columns?: number, through?: readonly string[]): Promise<Terminal>;
}

/** A backend, a browser and terminals. All of it is gone afterwards, which is checked. */
export function terminalScene(ids: readonly string[] = ['memax']): TerminalScene {
  const made: { backend?: LocalBackend; standIn?: StandIn } = {};
  const homes: Home[] = [];
  const terminals: Terminal[] = [];
  const there = <Thing>(thing: Thing | undefined): Thing => {
    if (thing === undefined) throw new Error('it is there only while tests run');
    return thing;
  };
  const realm = (id = 'memax'): LocalRealm => there(made.backend).realm(id);
  const standIn = (): StandIn => there(made.standIn);
  const person = async (): Promise<Variables> => {
    const home = await makeHome();
    homes.push(home);
    return { ...home.env, ...Object.assign({}, ...ids.map((id) => leadingTo(realm(id)))), KEYWRIGHT_STORE: 'file' };
  };

  beforeAll(async () => {
    made.backend = await startBackend({ realms: [...ids], dataDir: undefined, port: 0 });
    made.standIn = await makeStandIn();
  });
  afterEach(async () => {
    await Promise.all(terminals.splice(0).map((terminal) => terminal.close()));
  });
  afterAll(async () => {
    await made.backend?.stop();
    await made.standIn?.remove();
    const left = await leftBehind(
      homes.map((home) => home.dir),
      made.backend === undefined ? [] : [made.backend],
    );
    await Promise.all(homes.map((home) => home.remove()));
    expect(left).toEqual([]);
  });

  return {
    realm,
    standIn,
    person,
    signedInPerson: async () => {
      const env = { ...(await person()), BROWSER: standIn().allow };
      const { code, stderr } = await keywright(env, ['login', 'memax']);
      if (code !== 0) throw new Error(`the sign-in did not work: ${stderr}`);
      return env;
    },
    runs: async (env, words, columns, through = []) => {
      const terminal = await openTerminal(env, [...through, process.execPath, PROGRAM, ...words], columns);
      terminals.push(terminal);
      return terminal;
    },
  };
}
