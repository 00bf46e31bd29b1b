/** Many processes at once that find the same access token expired, against as many that have a session each and so wait for nobody. */
import { spawn } from 'node:child_process';
import { createCipheriv, randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import path from 'node:path';
import process from 'node:process';

import { PROGRAM } from '../../stage.mjs';
import { fromSources } from '../ground.mjs';
import { median, spreadOf } from '../pairs.mjs';
import { row } from '../row.mjs';

const LATENCY_MS = 20;
const HANG_MS = 120_000;

/** Node has started, and nothing of the program: says so, and waits for the end of standard input. */
const GATE = `
const { readSync, writeSync } = require('node:fs');
writeSync(2, 'ready');
readSync(0, Buffer.alloc(1));
`;

/** What nobody can save who waits: Node has started and loaded what it needs, blocks on a pipe, and then reads and decrypts one file, prints and ends. */
const BARE_WAITER = `
const { readFileSync, readSync, writeSync } = require('node:fs');
const { createDecipheriv } = require('node:crypto');
writeSync(2, 'ready');
readSync(0, Buffer.alloc(1));
const file = readFileSync(process.argv[2]);
const decipher = createDecipheriv('aes-256-gcm', file.subarray(0, 32), file.subarray(32, 44));
decipher.setAuthTag(file.subarray(44, 60));
writeSync(1, Buffer.concat([decipher.update(file.subarray(60)), decipher.final()]));
`;
const FILE_BYTES = 1024;

export async function concurrentRows({ ground, size, chart }) {
  const server = await startTokenServer();
  ground.closing.push(server.stop);
  const gate = ground.at('gate.cjs');
  await writeFile(gate, GATE);
  const sessions = await sessionKeeper(ground, server.origin);
  const rows = [];
  const growth = [];
  const points = { one: [], own: [] };
  for (const count of size.processes) {
    const shared = await sessions.at('shared', 'default');
    const own = await Promise.all(Array.from({ length: count }, (_, index) => sessions.at(`own-${index}`, `own-${index}`)));
    const rounds = [];
    for (let round = 0; round < size.few; round += 1) {
      const found = {};
      for (const way of round % 2 === 0 ? ['own', 'shared'] : ['shared', 'own']) {
        const homes = way === 'own' ? own : Array.from({ length: count }, () => shared);
        for (const home of new Set(homes)) await home.age();
        server.reset();
        found[way] = { ...(await together(ground, homes, gate)), refreshes: server.count() };
      }
      rounds.push(found);
    }
    const refreshes = rounds.map(({ shared: { refreshes: seen } }) => seen);
    const wrong = rounds.filter(({ own: { refreshes: seen } }) => seen !== count);
    if (wrong.length > 0) throw new Error(`of ${count} sessions ${wrong[0].own.refreshes} were refreshed`);
    const slowest = { shared: median(rounds.map(({ shared: { slowestMs } }) => slowestMs)), own: median(rounds.map(({ own: { slowestMs } }) => slowestMs)) };
    points.one.push([count, slowest.shared]);
    points.own.push([count, slowest.own]);
    const times = `${slowest.shared.toFixed(0)} ms against ${slowest.own.toFixed(0)} ms, ${size.few} rounds`;
    growth.push(row('Growth: concurrent start', `${count} processes on one expired token: the slowest`, 'ms', slowest.shared, { detail: times }));
    if (count !== size.processes.at(-1)) continue;
    const section = `${count} processes on one expired token, ${LATENCY_MS} ms server`;
    const exact = Math.max(...refreshes) === 1 && Math.min(...refreshes) === 1;
    rows.push({
      ...row(section, 'refreshes, the most of all rounds', 'count', Math.max(...refreshes), { budget: 'exactly 1' }),
      met: exact ? 'met' : 'not met',
    });
    const ratio = spreadOf(rounds.map(({ shared: one, own: each }) => one.slowestMs / each.slowestMs));
    rows.push(row(section, 'the slowest, against as many with a session each', 'x', ratio, { most: 0.8, detail: times }));
    rows.push(...(await killedHolder({ ground, server, sessions: shared, count, section, rounds: size.few })));
    rows.push(
      row(
        section,
        'floor: one process that waits for a killed holder: until it has a token',
        's',
        spreadOf((await kills({ ground, server, sessions: shared, count: 2, rounds: size.few })).waits),
      ),
    );
    const floor = spreadOf(await bareWaiters(ground, count - 1, size.few));
    rows.push(row(section, `floor: ${count - 1} bare processes that are woken at once, decrypt a file, print and end`, 's', floor));
  }
  chart('concurrent.svg', {
    title: 'Processes at once that find their token expired',
    across: 'processes',
    up: 'ms until the slowest has a token',
    lines: [
      { name: 'one session, one refresh', points: points.one },
      { name: 'a session each', points: points.own },
    ],
  });
  return [...rows, ...growth];
}

const ask = (ground, home, through = []) =>
  spawn(ground.node, [...through, PROGRAM, 'auth', 'token', '--provider', 'memax'], { env: home.env, stdio: ['pipe', 'pipe', 'pipe'] });

/** Resolves when a process has ended well, with what it printed. */
function endOf(child) {
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
  child.stdin.on('error', () => undefined);
  const limit = setTimeout(() => child.kill('SIGKILL'), HANG_MS);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(limit);
      if (code === 0) resolve({ stdout, at: performance.now() });
      else reject(new Error(`a process ended with ${code}: ${stderr}`));
    });
  });
}

/** One process for each of the homes; all of them are let go at once, when Node has started in the last of them. */
async function together(ground, homes, gate) {
  const children = homes.map((home) => ask(ground, home, ['--require', gate]));
  const ends = children.map(endOf);
  const ready = children.map((child) => new Promise((resolve) => child.stderr.once('data', resolve)));
  await Promise.race([Promise.all(ready), Promise.all(ends)]);
  const started = performance.now();
  for (const child of children) child.stdin.end();
  const ended = await Promise.all(ends);
  return { slowestMs: Math.max(...ended.map(({ at }) => at)) - started };
}

/** The first of so many is killed while it waits for its answer, when all the others wait for it: how long until the last of them has a token, in seconds. */
async function kills({ ground, server, sessions, count, rounds }) {
  const waits = [];
  const refreshes = [];
  for (let round = 0; round < rounds; round += 1) {
    await sessions.age();
    server.reset();
    const asked = server.holdNext();
    const holder = ask(ground, sessions);
    holder.stdin.end();
    const gone = endOf(holder).catch(() => undefined);
    await asked;
    const others = Array.from({ length: count - 1 }, () => ask(ground, sessions));
    others.forEach((child) => child.stdin.end());
    const ends = others.map(endOf);
    await settled(others.map(({ pid }) => pid));
    const killedAt = performance.now();
    holder.kill('SIGKILL');
    const ended = await Promise.all(ends);
    await gone;
    waits.push((Math.max(...ended.map(({ at }) => at)) - killedAt) / 1000);
    refreshes.push(server.count() - 1);
  }
  return { waits, refreshes };
}

async function killedHolder({ section, ...scene }) {
  const { waits, refreshes } = await kills(scene);
  const exact = refreshes.every((seen) => seen === 1);
  return [
    row(section, 'the holder is killed: until the last has a token', 's', spreadOf(waits), { most: 0.5 }),
    {
      ...row(section, 'the holder is killed: refreshes after that, the most of all rounds', 'count', Math.max(...refreshes), { budget: 'exactly 1' }),
      met: exact ? 'met' : 'not met',
    },
  ];
}

/** So many processes that do no more than they must are woken at once: how long until the last has ended, in seconds. */
async function bareWaiters(ground, count, rounds) {
  const [program, file] = [ground.at('waiter.cjs'), ground.at('waiter.bin')];
  await writeFile(program, BARE_WAITER);
  const [key, nonce] = [randomBytes(32), randomBytes(12)];
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const sealed = Buffer.concat([cipher.update(randomBytes(FILE_BYTES).toString('base64url')), cipher.final()]);
  await writeFile(file, Buffer.concat([key, nonce, cipher.getAuthTag(), sealed]));
  const waits = [];
  for (let round = 0; round < rounds; round += 1) {
    const children = Array.from({ length: count }, () => spawn(ground.node, [program, file], { env: {}, stdio: ['pipe', 'pipe', 'pipe'] }));
    const ends = children.map(endOf);
    const ready = children.map((child) => new Promise((resolve) => child.stderr.once('data', resolve)));
    await Promise.race([Promise.all(ready), Promise.all(ends)]);
    await settled(children.map(({ pid }) => pid));
    const wokenAt = performance.now();
    for (const child of children) child.stdin.end();
    const ended = await Promise.all(ends);
    waits.push((Math.max(...ended.map(({ at }) => at)) - wokenAt) / 1000);
  }
  return waits;
}

/** Waits until processes use next to no more processor time: they are all where they wait. */
async function settled(pids) {
  const ticks = () => pids.reduce((sum, pid) => sum + ticksOf(pid), 0);
  let [before, calm] = [ticks(), 0];
  for (let tries = 0; tries < 200 && calm < 3; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    const now = ticks();
    calm = now > 0 && now - before <= Math.max(2, pids.length / 10) ? calm + 1 : 0;
    before = now;
  }
}

function ticksOf(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1).split(' ');
    return Number(fields[11]) + Number(fields[12]);
  } catch {
    return 0;
  }
}

/** A token endpoint that takes every refresh token, and can keep one request waiting for ever. */
async function startTokenServer() {
  let seen = 0;
  let hold;
  const server = createServer((request, response) => {
    request.resume();
    seen += 1;
    if (hold !== undefined) {
      hold();
      hold = undefined;
      return;
    }
    const number = seen;
    setTimeout(() => {
      response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
      response.end(
        JSON.stringify({ access_token: `access-${number}`, token_type: 'bearer', expires_in: 3600, refresh_token: `refresh-${number}`, scope: 'memax:read' }),
      );
    }, LATENCY_MS);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    count: () => seen,
    reset: () => (seen = 0),
    holdNext: () => new Promise((resolve) => (hold = resolve)),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Signed-in homes with an encrypted file, whose sessions can be let grow old. */
async function sessionKeeper(ground, origin) {
  const parts = await fromSources(ground, [
    'src/adapters/encrypted-file/store.ts',
    'src/adapters/lock/lock.ts',
    'src/adapters/accounts.ts',
    'src/adapters/clock.ts',
    'src/adapters/random.ts',
    'src/adapters/paths.ts',
    'src/model/secret.ts',
  ]);
  const { createEncryptedFileStore, createLock, createAccountIndex, createClock, createRandom, findPaths, Secret } = parts;
  const [clock, random] = [createClock(), createRandom()];
  return {
    /** A home of its own with one account in it. */
    async at(name, account) {
      const dir = ground.at(`sessions/${name}`);
      const env = { PATH: ground.env.stored.PATH, KEYWRIGHT_STORE: 'file', MEMAX_API_URL: origin, HOME: dir };
      for (const kind of ['DATA', 'STATE', 'CONFIG', 'CACHE']) env[`XDG_${kind}_HOME`] = path.join(dir, kind.toLowerCase());
      const paths = findPaths(env, process.platform, () => userInfo().homedir);
      await mkdir(paths.data, { recursive: true, mode: 0o700 });
      const lock = createLock({ dir: paths.locks, clock, random, platform: process.platform });
      const store = createEncryptedFileStore({ dir: paths.data, env: {}, uid: process.getuid?.() ?? 0, lock, random, askPassphrase: undefined });
      const accounts = createAccountIndex({ dir: path.join(paths.state, 'accounts'), warn: () => undefined });
      const address = { origin, account };
      const scopes = ['memax:read'];
      const expiresAt = new Date(Date.now() - 60_000).toISOString();
      await accounts.write({ ...address, provider: 'memax', kind: 'oauth', store: 'file', signedInAt: expiresAt, expiresAt, scopes, identity: null });
      return {
        env,
        age: () =>
          store.write(address, {
            kind: 'oauth',
            issuer: `${origin}/`,
            clientId: 'bench',
            tokenEndpoint: `${origin}/token`,
            revocationEndpoint: null,
            accessToken: new Secret('access-0'),
            refreshToken: new Secret(`refresh-${Date.now()}-${random.token(8)}`),
            expiresAt: Date.now() - 60_000,
            scopes,
            obtainedAt: Date.now() - 3_600_000,
          }),
      };
    },
  };
}
