import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createAccountIndex } from '../../src/adapters/accounts.ts';
import type { AttachWorld } from '../../src/adapters/attached-child.ts';
import { createChildren } from '../../src/adapters/children.ts';
import { createGrantIndex } from '../../src/adapters/grants.ts';
import { createConfigFiles } from '../../src/adapters/config-files/config-files.ts';
import { createKeyFiles } from '../../src/adapters/key-files.ts';
import { createResults } from '../../src/adapters/results.ts';
import { createRotationJournal } from '../../src/adapters/rotations.ts';
import { createDefinitionFiles } from '../../src/adapters/definitions.ts';
import { createBindingFile } from '../../src/adapters/binding.ts';
import { createKeptHttp } from '../../src/adapters/http/kept-requests.ts';
import { createManyRequestsHttp } from '../../src/adapters/http/many-requests.ts';
import { createOneRequestHttp } from '../../src/adapters/http/one-request.ts';
import { createRefreshJournal } from '../../src/adapters/journal.ts';
import { createCompletionScripts } from '../../src/adapters/completion-files.ts';
import { createKeyCollector } from '../../src/adapters/key-news.ts';
import { keepKnownKeys } from '../../src/adapters/known-keys.ts';
import { createLock } from '../../src/adapters/lock/lock.ts';
import { createRandom } from '../../src/adapters/random.ts';
import { createEphemeralJournal } from '../../src/adapters/ephemerals.ts';
import { createRevocationIndex } from '../../src/adapters/revocations.ts';
import { createSettings } from '../../src/adapters/settings.ts';
import { createSystemFacts } from '../../src/adapters/system.ts';
import { createOutput, type TerminalWorld } from '../../src/adapters/terminal.ts';
import type { LocalRealm } from '../../src/backend/start.ts';
import { startBackend } from '../../src/backend/start.ts';
import { run, type Shell } from '../../src/cli/run.ts';
import { DEFAULT_ACCOUNT, type StoredCredential, type StoreName } from '../../src/model/credentials.ts';
import type { AccountIndex } from '../../src/model/account-index.ts';
import type { ConfigFiles } from '../../src/model/config-file.ts';
import type { CredentialStore } from '../../src/model/credential-store.ts';
import type { Deps } from '../../src/model/deps.ts';
import type { Env } from '../../src/model/env.ts';
import type { Http, HttpReply, HttpRequest } from '../../src/model/http.ts';
import type { SecretNotes } from '../../src/model/secret-notes.ts';
import { Failure } from '../../src/model/failure.ts';
import { isSurelyOf } from '../../src/providers/credential-kind.ts';
import { providerAmong, PROVIDERS } from '../../src/providers/registry.ts';
import { PROGRAM } from './cli.ts';
import { createKnownSecrets, type KnownSecrets, type SecretKind } from './known-secrets.ts';
import { createMemoryNotes } from './memory-notes.ts';
import { createMemoryStore, type MemoryStore } from './memory-store.ts';
import { createMovingClock, type MovingClock } from './moving-clock.ts';
import { createPlayedBrowser, type Person, type PlayedBrowser } from './played-browser.ts';
import { checkPrintedJson } from './output-schema.ts';
import { nobodyThere, recordHttp } from './recorded-http.ts';
import { createKeyboard, createScriptedPrompt, type Keyboard } from './scripted-prompt.ts';
import { untoldFailure } from './told-failures.ts';

export interface WorldWishes {
  /** The provider that commands talk to. Without one, no address is set. */
  readonly realm?: LocalRealm;
  /** Further providers that run here. */
  readonly realms?: readonly LocalRealm[];
  /** Variables beside the one that names the provider's address; an undefined value takes that one away. */
  readonly env?: Env;
  readonly person?: Person;
  /** Who signs in; somebody new unless it is said. */
  readonly email?: string;
  readonly browserLikely?: boolean;
  readonly browserBroken?: string;
  /** Whether a person sits at a terminal, for questions and for results; false, as in a pipe. */
  readonly terminal?: boolean;
  /** How wide that terminal is; nothing has to fit unless it is said. */
  readonly columns?: number;
  readonly answers?: readonly string[];
  /** What is piped in; a promise where it comes later. */
  readonly stdin?: string | Promise<string>;
  readonly elsewhere?: (request: HttpRequest) => HttpReply;
  /** Stands before the notes, for notes that cannot be kept. */
  readonly notes?: (memory: SecretNotes) => SecretNotes;
  readonly nodeVersion?: string;
  /** Stands before the store, for stores that fail. */
  readonly store?: (memory: MemoryStore) => CredentialStore;
  readonly accounts?: (real: AccountIndex) => AccountIndex;
  readonly configFiles?: (real: ConfigFiles) => ConfigFiles;
}

export interface Result {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that is still running. */
export interface Running {
  readonly stderr: () => string;
  readonly stdout: () => string;
  /** Waits until stderr matches, and gives the first group or the match. */
  says(pattern: RegExp): Promise<string>;
  interrupt(): void;
  readonly ended: Promise<Result>;
}

export interface World {
  run(...words: string[]): Promise<Result>;
  start(...words: string[]): Running;
  /** Sets a variable for the commands that follow; undefined takes it away. */
  setEnv(name: string, value: string | undefined): void;
  readonly email: string;
  readonly clock: MovingClock;
  readonly stores: Readonly<Record<StoreName, MemoryStore>>;
  readonly notes: Readonly<Record<StoreName, SecretNotes>>;
  readonly accounts: AccountIndex;
  readonly lock: Deps['lock'];
  readonly journal: Deps['journal'];
  readonly revocations: Deps['revocations'];
  readonly grants: Deps['grants'];
  readonly ephemerals: Deps['ephemerals'];
  readonly browser: PlayedBrowser;
  /** What the last command sent, in order. */
  readonly sent: readonly HttpRequest[];
  readonly keyboard: Keyboard;
  /** Milliseconds that requests to a path may take, in place of the usual 30 s. */
  readonly patience: Map<string, number>;
  readonly secrets: KnownSecrets;
  /** The only folder that commands write to, but for `use --here`. */
  readonly dir: string;
  /** The folder that commands are run in: a repository, directly below the person's home folder. */
  readonly cwd: string;
  /** What the store holds for the provider's origin. */
  stored(account?: string): Promise<StoredCredential | undefined>;
}

/** What a command may print, since printing it is its job. */
const PERMITTED: Readonly<Record<string, readonly SecretKind[]>> = {
  'auth token': ['access-token', 'key'],
  'auth create-key': ['key'],
  'auth create-client-token': ['client-token'],
  'auth rotate-key': ['key'],
};

/** Done, or done in part: what was printed by then was to be printed. */
const MAY_HAVE_PRINTED: readonly number[] = [0, 9];

/** Not "reasonable": only to end a test that waits for words that never come. */
const HANG_MS = 60_000;

/**
 * A machine with a person at it, for commands that run in this process: everything is real but the person, the browser, the
 * keychain and the internet. After each command its output and every file are searched for every secret that came along, and a failure
 * must be one that the command's help tells.
 */
export async function makeWorld(wishes: WorldWishes = {}): Promise<World> {
  const dir = await mkdtemp(join(tmpdir(), 'keywright-world-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const home = await realpath(await mkdtemp(join(tmpdir(), 'keywright-home-')));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const cwd = join(home, 'project');
  await mkdir(join(cwd, '.git'), { recursive: true });
  const realms = [...(wishes.realm === undefined ? [] : [wishes.realm]), ...(wishes.realms ?? [])];
  const addresses = realms.map(({ id, origin }): [string, string] => [`${providerAmong(id, PROVIDERS).envPrefix}_API_URL`, origin]);
  const env: Record<string, string | undefined> = { ...Object.fromEntries(addresses), ...wishes.env };
  const email = wishes.email ?? `person-${randomBytes(4).toString('hex')}@keywright.test`;
  const clock = createMovingClock();
  const secrets = createKnownSecrets();
  const setEnv = (name: string, value: string | undefined): void => {
    env[name] = value;
    if (name.endsWith('API_KEY')) secrets.add('key', value);
  };
  for (const [name, value] of Object.entries(env)) setEnv(name, value);
  for (const typed of [...(wishes.answers ?? []), wishes.stdin])
    if (typeof typed === 'string' && PROVIDERS.some((provider) => isSurelyOf(provider, typed.trim()))) secrets.add('key', typed.trim());

  const stores = { keychain: createMemoryStore('keychain'), file: createMemoryStore('file') };
  const notes = { keychain: createMemoryNotes('keychain', clock), file: createMemoryNotes('file', clock) };
  const watched = (store: MemoryStore): CredentialStore => {
    const used = wishes.store === undefined ? store : wishes.store(store);
    return {
      ...used,
      write: (address, credential) => {
        noteCredential(secrets, credential);
        return used.write(address, credential);
      },
    };
  };
  const random = createRandom();
  const lock = createLock({ dir: join(dir, 'locks'), clock, random, platform: process.platform });
  const journal = createRefreshJournal({ dir: join(dir, 'journals'), platform: process.platform });
  const accounts = createAccountIndex({ dir: join(dir, 'state/accounts'), warn: () => undefined });
  const revocations = createRevocationIndex(join(dir, 'state/revocations'));
  const grants = createGrantIndex(join(dir, 'state/grants'));
  const ephemerals = createEphemeralJournal(join(dir, 'state/ephemeral'));
  const browser = createPlayedBrowser({ likely: wishes.browserLikely ?? true, person: wishes.person ?? 'allow', email, broken: wishes.browserBroken });
  const keyboard = createKeyboard(wishes.answers ?? []);
  const script = { terminal: wishes.terminal ?? false, keyboard, stdin: wishes.stdin ?? '' };
  const sent: HttpRequest[] = [];
  const patience = new Map<string, number>();
  const record = { sent, elsewhere: wishes.elsewhere ?? nobodyThere, patience, secrets };

  const start = (...words: string[]): Running => {
    sent.length = 0;
    const texts = { 1: '', 2: '' };
    const hearers = new Set<() => void>();
    const write = (descriptor: 1 | 2, text: string): void => {
      texts[descriptor] += text;
      for (const hear of hearers) hear();
    };
    const columns = (): number | undefined => wishes.columns;
    const terminal: TerminalWorld = { env, stdoutIsTerminal: script.terminal, stderrIsTerminal: wishes.columns !== undefined, write, columns };
    const interrupt = new AbortController();
    /** Whoever takes signals in place of the command: a program that runs in its place. */
    const takers = new Set<(signal: NodeJS.Signals) => void>();
    const opened: Http[] = [];
    const knownKeys = createKeyCollector();
    const shell: Shell = {
      streams: {
        stdoutIsTerminal: script.terminal,
        columns,
        stdout: (text) => write(1, text),
        stderr: (text) => write(2, text),
        failure: async (text) => write(2, text),
      },
      now: () => clock.now(),
      dieOf: () => undefined,
      deps: (common) => {
        const output = createOutput(terminal, common);
        // Between tries no real time passes: the clock jumps instead.
        const hurried = { now: () => clock.now(), sleep: async (ms: number) => clock.advance(ms) };
        const httpWorld = { env, clock: hurried, random, output, interrupted: interrupt.signal, userAgent: 'keywright/test' };
        let many: Http | undefined;
        let kept: Http | undefined;
        const childrenWorld = { childEnv: { PATH: env['PATH'] ?? process.env['PATH'], HOME: home }, interrupted: interrupt.signal };
        const attachWorld: AttachWorld = {
          ...childrenWorld,
          leadsTo: { 1: 'pipe', 2: 'pipe' },
          oneOutput: () => false,
          write: async (descriptor, bytes) => {
            write(descriptor, Buffer.from(bytes).toString('utf8'));
            return 'written';
          },
          takeSignals: (receive) => {
            takers.add(receive);
            return () => void takers.delete(receive);
          },
          clock,
          platform: process.platform,
          tmp: dir,
          warn: (line) => output.warn(line),
        };
        return {
          env,
          clock,
          random,
          output,
          prompt: createScriptedPrompt(script, common.noInput),
          browser,
          http: recordHttp(createOneRequestHttp(httpWorld), record),
          bulkHttp: async () => {
            if (kept === undefined) opened.push((kept = recordHttp(createKeptHttp(httpWorld), record)));
            return kept;
          },
          oauthHttp: async () => {
            if (many === undefined) opened.push((many = recordHttp(createManyRequestsHttp(httpWorld), record)));
            return many;
          },
          store: async (name) => watched(stores[name]),
          notes: async (name) => (wishes.notes ?? ((memory) => memory))(notes[name]),
          revocations,
          system: {
            nodeVersion: wishes.nodeVersion ?? process.versions.node,
            platform: process.platform,
            program: async () => ({
              node: process.execPath,
              script: PROGRAM,
              uid: process.getuid?.() ?? null,
              folders: { state: join(dir, 'state'), data: join(dir, 'data') },
              usualFolders: { state: '/usual/state', data: '/usual/data' },
            }),
            places: { state: join(dir, 'state'), locks: join(dir, 'locks'), journals: join(dir, 'journals'), home },
            ...createSystemFacts({ env, clock, platform: process.platform, uid: process.getuid?.(), cwd, home, dataDir: join(dir, 'data') }),
          },
          accounts: (wishes.accounts ?? ((real) => real))(createAccountIndex({ dir: join(dir, 'state/accounts'), warn: (line) => output.warn(line) })),
          settings: createSettings({ path: join(dir, 'config/settings.json'), warn: (line) => output.warn(line) }),
          results: createResults({
            stdoutIs: script.terminal ? 'terminal' : 'pipe',
            stderrIs: 'pipe',
            write: (descriptor, text) => {
              write(descriptor, text);
              return 'written';
            },
          }),
          children: createChildren(childrenWorld, attachWorld),
          keyFiles: createKeyFiles({ cwd, uid: process.getuid?.() }),
          configFiles: (wishes.configFiles ?? ((real) => real))(
            createConfigFiles({ uid: process.getuid?.(), clock, interrupted: interrupt.signal, notes: join(dir, 'state/config-files') }),
          ),
          grants,
          rotations: createRotationJournal(join(dir, 'state/rotations')),
          ephemerals,
          definitions: createDefinitionFiles({ dir: join(dir, 'config/providers') }),
          binding: createBindingFile({ cwd, home, uid: process.getuid?.(), warn: (line) => output.warn(line) }),
          lock,
          journal,
          completionScripts: createCompletionScripts({ dir: 'completions', env, platform: process.platform, uid: process.getuid?.(), home, systemRoot: dir }),
          knownKeys,
          backend: { start: (options) => startBackend(options) },
          bridge: async () => undefined,
          interrupted: interrupt.signal,
        };
      },
    };
    const ended = run(words, shell).then(async (exit): Promise<Result> => {
      await keepKnownKeys(join(dir, 'state/known-keys'), knownKeys.learned());
      await Promise.all(opened.map((http) => http.close()));
      const permitted = MAY_HAVE_PRINTED.includes(exit) ? (PERMITTED[words.slice(0, 2).join(' ')] ?? []) : [];
      const leaks = [
        ...secrets.foundIn(texts[1], 'stdout', permitted),
        // What tells a runner to hide a secret has to say it.
        ...secrets.foundIn(texts[2].replace(/^::add-mask::.*$/gm, ''), 'stderr'),
        ...secrets.foundBelow(dir),
        ...secrets.foundBelow(home),
      ];
      if (leaks.length > 0) throw new Error(`keywright ${words.join(' ')}: ${leaks.join('; ')}`);
      const untold = await untoldFailure(words, { stdout: texts[1], stderr: texts[2] });
      if (untold !== undefined) throw new Error(`keywright ${words.join(' ')} ended with ${untold}, which its help does not tell: ${texts[1]}${texts[2]}`);
      const result = { exit, stdout: texts[1], stderr: texts[2] };
      checkPrintedJson(words, result);
      return result;
    });
    // The caller awaits it in its own time.
    ended.catch(() => undefined);
    return {
      stdout: () => texts[1],
      stderr: () => texts[2],
      interrupt: () => {
        for (const take of takers) take('SIGTERM');
        if (takers.size === 0) interrupt.abort(new Failure('cancelled', { detail: 'The command was interrupted.' }));
      },
      says: (pattern) =>
        new Promise((resolve, reject) => {
          const timer = setTimeout(() => reject(new Error(`"${pattern.source}" was never said, but: ${texts[2]}`)), HANG_MS);
          const hear = (): void => {
            const found = pattern.exec(texts[2]);
            if (found === null) return;
            clearTimeout(timer);
            hearers.delete(hear);
            resolve(found[1] ?? found[0]);
          };
          hearers.add(hear);
          hear();
        }),
      ended,
    };
  };

  const stored = (account = DEFAULT_ACCOUNT): Promise<StoredCredential | undefined> => stores.keychain.read({ origin: wishes.realm?.origin ?? '', account });
  return {
    run: (...words) => start(...words).ended,
    start,
    setEnv,
    email,
    clock,
    stores,
    notes,
    accounts,
    lock,
    journal,
    revocations,
    grants,
    ephemerals,
    browser,
    sent,
    keyboard,
    patience,
    secrets,
    dir,
    cwd,
    stored,
  };
}

function noteCredential(secrets: KnownSecrets, credential: StoredCredential): void {
  if (credential.kind === 'key') return secrets.add('key', credential.key.reveal());
  secrets.add('access-token', credential.accessToken.reveal());
  secrets.add('refresh-token', credential.refreshToken?.reveal());
}
