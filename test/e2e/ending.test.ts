import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { makeStandIn, type StandIn } from '../support/browser.ts';
import { type Home, keywright, leadingTo, makeHome, PROGRAM, type Variables } from '../support/cli.ts';
import { sharedBackend } from '../support/shared-backend.ts';
import { newKey } from '../support/signed-in.ts';
import { lookAtSessions, type StoredSessions } from '../support/stored-session.ts';

/** Node comes to the end of its work by itself only where nobody ends the process before, and tells so with `beforeExit`. */
const TELL_THE_END = `
process.on('beforeExit', () => require('node:fs').writeFileSync(process.env.SEEN, 'came to its end by itself'));
`;

/** Something that is still under way when the command has done its work. */
const LEAVE_A_WAIT = `
setTimeout(() => require('node:fs').writeFileSync(process.env.SEEN, 'came to its end'), 1_500);
`;

const realm = sharedBackend();
let home: Home;
let signedIn: Home;
let standIn: StandIn;
let sessions: StoredSessions;
let brought: Variables;
let stored: Variables;

beforeAll(async () => {
  [home, signedIn, standIn, sessions] = await Promise.all([makeHome(), makeHome(), makeStandIn(), lookAtSessions()]);
  await writeFile(path.join(home.dir, 'tell.cjs'), TELL_THE_END);
  await writeFile(path.join(home.dir, 'leave.cjs'), LEAVE_A_WAIT);
  brought = { ...home.env, ...leadingTo(realm()), MEMAX_API_KEY: (await newKey(realm())).key };
  stored = { ...signedIn.env, ...leadingTo(realm()), KEYWRIGHT_STORE: 'file' };
  expect(await keywright({ ...stored, BROWSER: standIn.allow }, ['login', 'memax'])).toMatchObject({ code: 0 });
});

afterAll(async () => {
  await Promise.all([home.remove(), signedIn.remove(), standIn.remove(), sessions.remove()]);
});

/** Runs the program together with another script, and gives what that one saw. */
async function seenBy(script: string, words: readonly string[], env: Variables): Promise<string> {
  const seen = path.join(home.dir, 'seen.txt');
  await rm(seen, { force: true });
  const through = [process.execPath, '--require', path.join(home.dir, script), PROGRAM];
  expect(await keywright({ ...env, SEEN: seen }, words, { through })).toMatchObject({ code: 0 });
  return readFile(seen, 'utf8').catch(() => '');
}

describe('a command that has done its work', () => {
  // The short way listens for no signal, so that the system ends it; a shell says 130 of that, too.
  it.each([
    ['auth token', ['auth', 'token'], [null, 'SIGINT']],
    ['auth token, the whole program', ['auth', 'token', '--no-color'], [130, null]],
  ])('can be interrupted, whatever is still under way: %s', async (_name, command, how) => {
    await writeFile(path.join(home.dir, 'linger.cjs'), 'setInterval(() => undefined, 60_000);');
    const words = ['--require', path.join(home.dir, 'linger.cjs'), PROGRAM, ...command];
    const child = spawn(process.execPath, words, { env: { ...brought }, stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(child, 'close');
    await once(child.stdout, 'data');
    // The token is out, and the process would stay.
    const again = setInterval(() => child.kill('SIGINT'), 100);
    const [code, signal] = await ended;
    clearInterval(again);
    expect([code, signal]).toEqual(how);
  });

  it.each([
    ['auth token', ['auth', 'token'], () => brought],
    ['auth token, from the file', ['auth', 'token'], () => stored],
    ['auth status', ['auth', 'status'], () => stored],
    ['whoami', ['whoami'], () => brought],
    ['auth list-keys', ['auth', 'list-keys'], () => brought],
  ])('ends the process at once: %s', async (_name, words, env) => {
    expect(await seenBy('tell.cjs', words, env())).toBe('');
  });

  it('ends it at once after a refresh', async () => {
    await sessions.age(stored, 'file', realm());
    expect(await seenBy('tell.cjs', ['auth', 'token'], stored)).toBe('');
  });

  it.each([
    ['auth token', ['auth', 'token']],
    ['whoami', ['whoami']],
  ])('cuts nothing off that is still under way: %s', async (_name, words) => {
    expect(await seenBy('leave.cjs', words, brought)).toBe('came to its end');
  });
});
