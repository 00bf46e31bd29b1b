import { describe, expect, it } from 'vitest';

import type { HttpReply, HttpRequest } from '../../../src/model/http.ts';
import { makeWorld, type Result, type World } from '../../support/world.ts';
import { OBEYED, reply } from './vendors.ts';

const ORIGIN = 'https://api.memax.app';

const METADATA = {
  issuer: ORIGIN,
  authorization_endpoint: `${ORIGIN}/oauth/authorize`,
  token_endpoint: `${ORIGIN}/oauth/token`,
  registration_endpoint: `${ORIGIN}/oauth/register`,
  device_authorization_endpoint: `${ORIGIN}/oauth/device`,
  scopes_supported: ['memax:read', 'memax:write'],
  response_types_supported: ['code'],
  grant_types_supported: ['authorization_code', 'refresh_token'],
  token_endpoint_auth_methods_supported: ['none'],
  code_challenge_methods_supported: ['S256'],
};

const CLIENT = { client_id: 'client-1', client_id_issued_at: 1_800_000_000, redirect_uris: ['http://127.0.0.1/callback'], token_endpoint_auth_method: 'none' };

const DEVICE = { device_code: 'd'.repeat(32), user_code: 'ABCD-EFGH', verification_uri: `${ORIGIN}/device`, expires_in: 600, interval: 5 };

interface Said {
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly client?: Readonly<Record<string, unknown>>;
  readonly device?: Readonly<Record<string, unknown>>;
}

/** Somebody who would sign in at a server that says this. */
async function before({ metadata, client, device }: Said): Promise<World> {
  const elsewhere = ({ url }: HttpRequest): HttpReply => {
    const { pathname } = new URL(url);
    if (pathname.includes('/.well-known/')) return reply({ ...METADATA, ...metadata });
    if (pathname === '/oauth/device') return reply({ ...DEVICE, ...device });
    return reply({ ...CLIENT, ...client }, { status: 201 });
  };
  return makeWorld({ elsewhere, person: 'goes-away' });
}

/** Addresses to which nothing may go, and which nobody may open. */
const UNSAFE = [
  'file:///etc/passwd',
  'javascript:alert(1)',
  'data:text/html,x',
  'http://api.memax.app/x',
  'ftp://api.memax.app/x',
  'https://somebody:secret@api.memax.app/x',
  'https://api.memax.app/\nx',
  'https://api.memax.app/\u202ex',
  'https://api.memax.app/" --x="',
  "https://api.memax.app/';open -a Calculator;'",
  '',
  7,
  null,
  {},
  ['https://api.memax.app/x'],
];

/** Runs a sign-in to its end, or until it waits for a person. */
async function untilItWaits(world: World, ...words: readonly string[]): Promise<Result> {
  const running = world.start(...words);
  await Promise.race([running.ended, running.says(/Waiting|ABCD-EFGH/)]);
  running.interrupt();
  return running.ended;
}

describe('an address of the authorization server', () => {
  it.each(UNSAFE)('that is %j is not opened for a sign-in', async (address) => {
    const world = await before({ metadata: { authorization_endpoint: address } });
    const { exit, stdout, stderr } = await world.run('login', 'memax');
    expect([exit, stdout, world.browser.opened, OBEYED.test(stderr)]).toEqual([8, '', [], false]);
    expect(stderr).not.toContain('secret');
    expect(await world.accounts.list()).toEqual([]);
  });

  it.each(UNSAFE)('that is %j gets no code and no token', async (address) => {
    const world = await before({ metadata: { token_endpoint: address } });
    const { exit, stdout, stderr } = await world.run('login', 'memax');
    expect([exit, stdout, world.browser.opened, OBEYED.test(stderr)]).toEqual([8, '', [], false]);
  });

  it.each(UNSAFE)('that is %j registers nobody elsewhere', async (address) => {
    const world = await before({ metadata: { registration_endpoint: address } });
    const { exit, stdout, stderr } = await untilItWaits(world, 'login', 'memax');
    expect([[8, 130].includes(exit), stdout, OBEYED.test(stderr)]).toEqual([true, '', false]);
    expect(world.sent.map(({ url }) => new URL(url).origin).filter((origin) => origin !== ORIGIN)).toEqual([]);
  });

  it.each(UNSAFE)('that is %j is not shown beside a code', async (address) => {
    for (const device of [{ verification_uri: address }, { verification_uri_complete: address }]) {
      const world = await before({ device });
      const { exit, stdout, stderr } = await untilItWaits(world, 'login', 'memax', '--device');
      expect([[8, 130].includes(exit), OBEYED.test(stdout + stderr), shows(stdout + stderr, address)]).toEqual([true, false, false]);
      expect(world.browser.opened.filter((opened) => !opened.startsWith(`${ORIGIN}/device`))).toEqual([]);
    }
  });

  it('is opened as addresses are written, without a quote', async () => {
    const world = await before({ metadata: { authorization_endpoint: `${ORIGIN}/a"b<c>` } });
    await untilItWaits(world, 'login', 'memax');
    expect(world.browser.opened).toEqual([expect.stringMatching(/^https:\/\/api\.memax\.app\/a%22b%3Cc%3E\?[\w&=%.~+-]+$/)]);
  });
});

const shows = (said: string, address: unknown): boolean => typeof address === 'string' && address !== '' && said.includes(address);
