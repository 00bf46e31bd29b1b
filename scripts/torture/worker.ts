/**
 * One process of the torture, made of the product's own adapters and flows as `src/main.ts` puts them together. What is
 * added stands around the members of `Deps`: a process can be told to kill itself at a step of the refresh, to do without
 * the lock, or to wait for a word before it begins. Its orders come as JSON in the first argument; it answers with one line
 * of JSON on stdout. The order `keep` makes it a keeper, which reads and changes the entry from outside, line by line.
 */
import { randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import fsPromises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { createAccountIndex } from '../../src/adapters/accounts.ts';
import { createClock } from '../../src/adapters/clock.ts';
import { createEncryptedFileStore } from '../../src/adapters/encrypted-file/store.ts';
import { createManyRequestsHttp } from '../../src/adapters/http/many-requests.ts';
import { createRefreshJournal } from '../../src/adapters/journal.ts';
import { createKeychainStore } from '../../src/adapters/keychain/store.ts';
import { createLock } from '../../src/adapters/lock/lock.ts';
import { findPaths } from '../../src/adapters/paths.ts';
import { createRandom } from '../../src/adapters/random.ts';
import { createOutput } from '../../src/adapters/terminal.ts';
import { authorityOf } from '../../src/flows/authority.ts';
import type { SessionDeps } from '../../src/flows/session.ts';
import { DEFAULT_ACCOUNT } from '../../src/model/credentials.ts';
import type { CredentialStore } from '../../src/model/credential-store.ts';
import type { Http } from '../../src/model/http.ts';
import type { Lock } from '../../src/model/lock.ts';
import type { RefreshJournal } from '../../src/model/refresh-journal.ts';
import { FAILURES, isFailure } from '../../src/model/failure.ts';
import { decodeCredential } from '../../src/model/stored-credential-codec.ts';
import { memax } from '../../src/providers/memax.ts';
import type { DeathStep, WorkerAnswer, WorkerOrders } from './orders.ts';

const orders: WorkerOrders = JSON.parse(process.argv[2] ?? '');
const address = { origin: orders.origin, account: DEFAULT_ACCOUNT };

const die = (): void => void process.kill(process.pid, 'SIGKILL');

/** Nothing more happens in this process; it is killed from here within `ms`. */
function dieWithin(ms: number): Promise<never> {
  setTimeout(die, randomInt(ms + 1));
  return new Promise(() => undefined);
}

/** Kills this process where it was told to die, and where it is the first of a crowd to get there. */
function reach(step: DeathStep): void {
  if (orders.die?.at !== step) return;
  const { onlyFirst } = orders.die;
  if (onlyFirst === undefined) return die();
  try {
    writeFileSync(onlyFirst, '', { flag: 'wx' });
  } catch {
    return;
  }
  die();
}

/** How long a request to the provider and a write to a keychain may take; the moment of death is drawn from it. */
const REQUEST_MS = 60;
const KEYCHAIN_WRITE_MS = 80;

function mortalLock(lock: Lock): Lock {
  return {
    acquire: (name, options) => lock.acquire(name, options),
    acquireUnless: async (name, options, look) => {
      reach('before-lock');
      if (orders.lock === 'none') return { kind: 'held', held: { stillOurs: async () => undefined, release: async () => undefined } };
      const acquired = await lock.acquireUnless(name, orders.lockWaitMs === undefined ? options : { ...options, waitMs: orders.lockWaitMs }, look);
      if (acquired.kind === 'found') return acquired;
      if (orders.stay === 'holding') {
        process.stdout.write('holding\n');
        await new Promise(() => setInterval(() => undefined, 1_000));
      }
      reach('holding');
      return acquired;
    },
  };
}

function mortalJournal(journal: RefreshJournal): RefreshJournal {
  return {
    read: (name) => journal.read(name),
    write: async (name, line) => {
      await journal.write(name, line);
      reach('journal-written');
    },
    clear: async (name) => {
      await journal.clear(name);
      reach('journal-cleared');
    },
  };
}

function mortalHttp(http: Http): Http {
  return {
    send: async (request) => {
      reach('request-due');
      const sending = http.send(request);
      if (orders.die?.at === 'request-sent') {
        sending.catch(() => undefined);
        return dieWithin(REQUEST_MS);
      }
      const reply = await sending;
      reach('reply-received');
      return reply;
    },
    close: () => http.close(),
  };
}

function mortalStore(store: CredentialStore): CredentialStore {
  return {
    ...store,
    write: async (where, credential) => {
      const writing = store.write(where, credential);
      if (orders.die?.at === 'half-written' && store.name === 'keychain') {
        writing.catch(() => undefined);
        return dieWithin(KEYCHAIN_WRITE_MS);
      }
      await writing;
      reach('written');
    },
  };
}

/** Between the temporary file and its new name. The file store has no seam there, so the system call itself is the trap. */
function trapRename(): void {
  const { rename } = fsPromises;
  fsPromises.rename = async (from, to) => {
    if (String(to).endsWith('credentials.jwe')) reach('half-written');
    await rename(from, to);
  };
  syncBuiltinESMExports();
}

const clock = createClock();
const random = createRandom();
const env = { ...process.env };
const paths = findPaths(env, process.platform, () => orders.passwordHome);
const output = createOutput(
  { env, stdoutIsTerminal: false, stderrIsTerminal: false, write: (_descriptor, text) => process.stderr.write(text) },
  { quiet: false, debug: false },
);
const lock = createLock({ dir: paths.locks, clock, random, platform: process.platform });

function openStore(): CredentialStore {
  if (orders.store === 'file') return createEncryptedFileStore({ dir: paths.data, env, uid: process.getuid?.() ?? 0, lock, random, askPassphrase: undefined });
  return createKeychainStore({
    platform: process.platform,
    uid: process.getuid?.() ?? 0,
    env,
    clock,
    random,
    childEntry: '',
    mayPrompt: false,
    note: () => undefined,
    lastWords: (failure) => void process.stderr.write(`${failure.detail}\n`),
  });
}

/** Gives the access token as `auth token` does, and says what became of it. */
async function use(store: CredentialStore): Promise<WorkerAnswer> {
  const http = createManyRequestsHttp({
    env,
    clock,
    random,
    output,
    interrupted: new AbortController().signal,
    userAgent: 'keywright/torture',
    limits: orders.requestMs === undefined ? {} : { totalMs: orders.requestMs },
  });
  const deps: SessionDeps = {
    env,
    clock,
    output,
    interrupted: new AbortController().signal,
    accounts: createAccountIndex({ dir: `${paths.state}/accounts`, warn: () => undefined }),
    lock: mortalLock(lock),
    journal: mortalJournal(createRefreshJournal({ dir: paths.journals, platform: process.platform })),
    bulkHttp: async () => mortalHttp(http),
    store: async () => mortalStore(store),
  };
  const target = { provider: memax, baseUrl: orders.origin, origin: orders.origin, project: null };
  const started = performance.now();
  const took = (): number => performance.now() - started;
  try {
    const authority = await authorityOf(
      { target, source: { kind: 'stored', address, record: undefined }, shadowed: undefined, binding: { kind: 'none' } },
      deps,
    );
    const token = await authority.secret();
    return { kind: 'token', token: token.reveal(), ms: took() };
  } catch (thrown) {
    if (!isFailure(thrown)) throw thrown;
    return { kind: 'failed', code: thrown.code, exit: FAILURES[thrown.code].exit, detail: thrown.detail, hint: thrown.hint ?? '', ms: took() };
  } finally {
    await http.close();
  }
}

/** `seed JSON` stores a credential, `age` lets its access token expire, `show` tells whether there is one, `end` ends. */
async function keep(store: CredentialStore): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const [word = '', text = ''] = [line.slice(0, line.indexOf(' ') === -1 ? undefined : line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)];
    if (word === 'end') return;
    if (word === 'seed') await store.write(address, decodeCredential(text));
    const found = await store.read(address);
    if (word === 'age' && found?.kind === 'oauth') await store.write(address, { ...found, expiresAt: clock.now() - 1_000 });
    process.stdout.write(`${found?.kind ?? 'nothing'}\n`);
  }
}

async function start(): Promise<void> {
  const store = openStore();
  if (orders.stay === 'keeper') return keep(store);
  trapRename();
  if (orders.wait === 'for-a-word') {
    // As far as can be without touching what is shared: what is timed afterwards is the work and not the start of Node.
    await Promise.all([import('../../src/oauth/token-endpoint.ts'), store.read(address)]);
    process.stdout.write('ready\n');
    await new Promise((resolve) => process.stdin.once('data', resolve));
    process.stdin.destroy();
  }
  process.stdout.write(`${JSON.stringify(await use(store))}\n`);
}

void start();
