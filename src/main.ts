import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve as resolvePath } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createBrowser } from './adapters/browser.ts';
import { createClock, every } from './adapters/clock.ts';
import { watched } from './adapters/http/watched.ts';
import { createKeyCollector } from './adapters/key-news.ts';
import { findHome, findPaths } from './adapters/paths.ts';
import { createProgressLine } from './adapters/progress.ts';
import { createPrompt } from './adapters/prompt.ts';
import { createRandom } from './adapters/random.ts';
import { createResults } from './adapters/results.ts';
import { createSignals } from './adapters/signals.ts';
import { createStandardStreams } from './adapters/standard-streams.ts';
import { createOutput, mannerOf, type TerminalWorld, writeFailure } from './adapters/terminal.ts';
import { loadPaint, wantsColour } from './adapters/terminal-colour.ts';
import { beforeDashes } from './cli/dashes.ts';
import type { CommonFlags } from './cli/common-flags.ts';
import { run, type Shell, tellUnfinished } from './cli/run.ts';
import type { AccountIndex } from './model/account-index.ts';
import type { BindingFile } from './model/binding.ts';
import type { CompletionScripts } from './model/completion.ts';
import type { ConfigFiles } from './model/config-file.ts';
import type { CredentialStore } from './model/credential-store.ts';
import type { DefinitionFiles } from './model/definition-file.ts';
import type { Deps } from './model/deps.ts';
import type { Env } from './model/env.ts';
import type { Http } from './model/http.ts';
import type { Lock } from './model/lock.ts';
import type { RefreshJournal } from './model/refresh-journal.ts';
import type { SecretNotes } from './model/secret-notes.ts';
import type { Settings } from './model/settings.ts';
import type { Children } from './model/child.ts';
import type { StoreName } from './model/credentials.ts';
import type { EphemeralJournal } from './model/ephemeral.ts';
import { Failure } from './model/failure.ts';
import type { GrantIndex } from './model/grant.ts';
import type { KeyFiles } from './model/key-file.ts';
import { isProviderId } from './model/names.ts';
import type { RevocationIndex } from './model/revocation.ts';
import type { RotationJournal } from './model/rotation.ts';
import type { SystemFacts } from './model/system.ts';
import { envPrefixOf } from './providers/definition-names.ts';
import { PROVIDERS } from './providers/registry.ts';
import { failureText } from './render/failure.ts';

/*
 * The composition root: the only file that touches `process`. It builds the world behind `Deps` and sets the exit code.
 * Whatever is not needed by every command is loaded when it is first used.
 */

const env: Env = { ...process.env };
const paths = findPaths(env, process.platform);
const definitionsDir = `${paths.config}/providers`;

/** The ids of the person's own providers, by the names of their files alone: whatever stands in them, their variables are theirs. */
function ownProviderIds(): readonly string[] {
  try {
    return readdirSync(definitionsDir)
      .map((name) => name.replace(/\.json$/, ''))
      .filter(isProviderId);
  } catch {
    // Most people have no such folder.
    return [];
  }
}

/** Names that carry a credential or open a store; no child process of ours gets them. */
const CREDENTIAL_VARIABLES = [
  'API_KEY',
  'KEYWRIGHT_API_KEY',
  'KEYWRIGHT_STORE_KEY',
  'KEYWRIGHT_STORE_PASSPHRASE',
  ...PROVIDERS.map((provider) => `${provider.envPrefix}_API_KEY`),
  ...ownProviderIds().map((id) => `${envPrefixOf(id)}_API_KEY`),
];

// Children inherit the process's environment unless told otherwise; taken out here, a credential cannot slip into one.
for (const name of CREDENTIAL_VARIABLES) delete process.env[name];
const childEnv: Env = { ...process.env };

/** How long what a command does on the side waits for another process. */
const HURRIED_LOCK_MS = 500;

const streams = createStandardStreams({ platform: process.platform, loadIsatty: () => process.getBuiltinModule('node:tty').isatty });

const interrupt = new AbortController();
const signals = createSignals(process, () =>
  interrupt.abort(new Failure('cancelled', { detail: 'The command was interrupted. What it had begun to store was stored whole; nothing is left half done.' })),
);
/** What the process ends by once its work is done; nothing in nearly every case. */
const deadly: string[] = [];

const clock = createClock();
const manner = mannerOf(env);
const isTerminal = { 1: streams.isTerminal(1), 2: streams.isTerminal(2) } as const;
/** Asked when something is laid out: the person may have made the window narrower meanwhile. */
const columnsOf = (descriptor: 1 | 2) => (): number | undefined =>
  isTerminal[descriptor] ? (descriptor === 1 ? process.stdout : process.stderr).columns || undefined : undefined;
const progress = createProgressLine({
  write: streams.write,
  now: () => clock.now(),
  every,
  columns: columnsOf(2),
  manner: manner.progress,
  onScreen: (descriptor) => isTerminal[descriptor],
});
const { write } = progress;
const terminal: TerminalWorld = { env, stdoutIsTerminal: isTerminal[1], stderrIsTerminal: isTerminal[2], write, progress, columns: columnsOf(2) };
/** Errors of the command line itself are told before its flags are understood. */
const noColor = beforeDashes(process.argv.slice(2)).includes('--no-color');
const paintOf = (descriptor: 1 | 2) => loadPaint({ env, noColor, terminal: isTerminal[descriptor] });
const random = createRandom();

/** What keeps connections open, which would keep the process alive after its work is done. */
const toClose: Http[] = [];

/** What this command learns of keys, for completion. */
const knownKeys = createKeyCollector();

/** Loads once, when first asked. */
function once<Thing>(load: () => Promise<Thing>): () => Promise<Thing> {
  let loading: Promise<Thing> | undefined;
  return () => (loading ??= load());
}

/** The folder that we were started in; undefined where somebody deleted it. */
function currentFolder(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}

async function buildDeps(common: CommonFlags): Promise<Deps> {
  const output = createOutput(terminal, common, await paintOf(2));
  const prompt = createPrompt({
    stdinIsTerminal: streams.isTerminal(0),
    stderrIsTerminal: terminal.stderrIsTerminal,
    stdin: () => process.stdin,
    stderr: () => process.stderr,
    noInput: common.noInput,
    manner: manner.questions,
    colour: wantsColour({ env, noColor, terminal: terminal.stderrIsTerminal }),
    interrupted: interrupt.signal,
    hush: progress.hush,
  });
  const httpWorld = { env, clock, random, output, interrupted: interrupt.signal, userAgent: `keywright/${__KEYWRIGHT_VERSION__}` };

  const loadOneRequest = once(async () => watched((await import('./adapters/http/one-request.ts')).createOneRequestHttp(httpWorld), output));
  const loadManyRequests = once(async () => {
    const many = watched((await import('./adapters/http/many-requests.ts')).createManyRequestsHttp(httpWorld), output);
    toClose.push(many);
    return many;
  });
  const http: Http = { send: async (request) => (await loadOneRequest()).send(request), close: async () => undefined };

  const loadLock = once(async () => (await import('./adapters/lock/lock.ts')).createLock({ dir: paths.locks, clock, random, platform: process.platform }));
  const lock: Lock = { acquire: async (name, options) => (await loadLock()).acquire(name, options) };

  const loadJournal = once(async () => (await import('./adapters/journal.ts')).createRefreshJournal({ dir: paths.journals, platform: process.platform }));
  const journal: RefreshJournal = {
    read: async (name) => (await loadJournal()).read(name),
    write: async (name, line) => (await loadJournal()).write(name, line),
    clear: async (name) => (await loadJournal()).clear(name),
  };

  const loadAccounts = once(async () =>
    (await import('./adapters/accounts.ts')).createAccountIndex({ dir: `${paths.state}/accounts`, warn: (line) => output.warn(line) }),
  );
  const accounts: AccountIndex = {
    list: async () => (await loadAccounts()).list(),
    find: async (address) => (await loadAccounts()).find(address),
    write: async (record) => (await loadAccounts()).write(record),
    delete: async (address) => (await loadAccounts()).delete(address),
  };

  const loadSettings = once(async () =>
    (await import('./adapters/settings.ts')).createSettings({ path: `${paths.config}/settings.json`, warn: (line) => output.warn(line) }),
  );
  const settings: Settings = { read: async () => (await loadSettings()).read(), update: async (change) => (await loadSettings()).update(change) };

  const loadBinding = once(async () =>
    (await import('./adapters/binding.ts')).createBindingFile({
      cwd: currentFolder(),
      home: findHome(env, process.platform),
      uid: process.getuid?.(),
      warn: (line) => output.warn(line),
    }),
  );
  const binding: BindingFile = {
    find: async () => (await loadBinding()).find(),
    write: async (names) => (await loadBinding()).write(names),
    remove: async () => (await loadBinding()).remove(),
  };

  const loadDefinitions = once(async () => (await import('./adapters/definitions.ts')).createDefinitionFiles({ dir: definitionsDir }));
  const definitions: DefinitionFiles = {
    list: async () => (await loadDefinitions()).list(),
    write: async (file) => (await loadDefinitions()).write(file),
    remove: async (id) => (await loadDefinitions()).remove(id),
  };

  const childrenWorld = { childEnv, interrupted: interrupt.signal };
  const outputsWorld = { leadsTo: { 1: streams.kindOf(1), 2: streams.kindOf(2) }, platform: process.platform, clock };
  const loadWriteAll = once(async () => (await import('./adapters/descriptor.ts')).createWriteAll(outputsWorld));
  const attachWorld = {
    ...childrenWorld,
    ...outputsWorld,
    oneOutput: streams.leadToOne,
    write: async (descriptor: 1 | 2, bytes: Uint8Array) => (await loadWriteAll())(descriptor, bytes),
    takeSignals: signals.take,
    tmp: tmpdir(),
    warn: (line: string) => output.warn(line),
  };
  const loadChildren = once(async () => (await import('./adapters/children.ts')).createChildren(childrenWorld, attachWorld));
  const children: Children = {
    find: async (name) => (await loadChildren()).find(name),
    run: async (call) => (await loadChildren()).run(call),
    attach: async (call) => {
      // The terminal is the program's now.
      const back = progress.hush();
      try {
        return await (await loadChildren()).attach(call);
      } finally {
        back();
      }
    },
    words: async (line) => (await loadChildren()).words(line),
  };

  const keyFilesWorld = { cwd: currentFolder(), uid: process.getuid?.() };
  const loadKeyFiles = once(async () => (await import('./adapters/key-files.ts')).createKeyFiles(keyFilesWorld));
  const keyFiles: KeyFiles = {
    resolve: (path) => resolvePath(keyFilesWorld.cwd ?? '/', path),
    check: async (path) => (await loadKeyFiles()).check(path),
    read: async (path) => (await loadKeyFiles()).read(path),
    write: async (path, text) => (await loadKeyFiles()).write(path, text),
    append: async (path, text) => (await loadKeyFiles()).append(path, text),
    delete: async (path) => (await loadKeyFiles()).delete(path),
  };

  const loadConfigFiles = once(async () =>
    (await import('./adapters/config-files/config-files.ts')).createConfigFiles({
      uid: process.getuid?.(),
      clock,
      interrupted: interrupt.signal,
      notes: `${paths.state}/config-files`,
    }),
  );
  const configFiles: ConfigFiles = {
    read: async (path) => (await loadConfigFiles()).read(path),
    replace: async (path, before, after) => (await loadConfigFiles()).replace(path, before, after),
    withLock: async (path, work) => (await loadConfigFiles()).withLock(path, work),
  };

  const loadRotations = once(async () => (await import('./adapters/rotations.ts')).createRotationJournal(`${paths.state}/rotations`));
  const rotations: RotationJournal = {
    list: async () => (await loadRotations()).list(),
    write: async (record) => (await loadRotations()).write(record),
    delete: async (id) => (await loadRotations()).delete(id),
    unreadable: async () => (await loadRotations()).unreadable(),
  };

  const loadGrants = once(async () => (await import('./adapters/grants.ts')).createGrantIndex(`${paths.state}/grants`));
  const grants: GrantIndex = {
    list: async () => (await loadGrants()).list(),
    find: async (id) => (await loadGrants()).find(id),
    write: async (record) => (await loadGrants()).write(record),
    markUsed: async (id, at) => (await loadGrants()).markUsed(id, at),
    delete: async (id) => (await loadGrants()).delete(id),
  };

  const loadEphemerals = once(async () => (await import('./adapters/ephemerals.ts')).createEphemeralJournal(`${paths.state}/ephemeral`));
  const ephemerals: EphemeralJournal = {
    list: async () => (await loadEphemerals()).list(),
    write: async (record) => (await loadEphemerals()).write(record),
    delete: async (id) => (await loadEphemerals()).delete(id),
  };

  const keychainWorld = {
    platform: process.platform,
    uid: process.getuid?.() ?? 0,
    env,
    clock,
    random,
    childEntry: fileURLToPath(new URL('./keychain-child.js', import.meta.url)),
    mayPrompt: prompt.canAsk,
    note: (line: string) => output.note(line),
    lastWords: (failure: Failure) => write(2, failureText(failure)),
  };
  let typed: Promise<string> | undefined;
  const fileWorld = {
    dir: paths.data,
    env,
    uid: process.getuid?.() ?? 0,
    clock,
    lock,
    random,
    // The credentials and the notes are opened by the same words, so they are asked for once.
    askPassphrase: prompt.canAsk ? () => (typed ??= prompt.hidden('Passphrase of the credential file:', interrupt.signal)) : undefined,
  };
  const keychain = once(async (): Promise<CredentialStore> => (await import('./adapters/keychain/store.ts')).createKeychainStore(keychainWorld));
  const file = once(async (): Promise<CredentialStore> => (await import('./adapters/encrypted-file/store.ts')).createEncryptedFileStore(fileWorld));
  const noteTitles = `${paths.state}/notes`;
  const keychainNotes = once(async (): Promise<SecretNotes> => (await import('./adapters/keychain/notes.ts')).createKeychainNotes(keychainWorld, noteTitles));
  const fileNotes = once(async (): Promise<SecretNotes> => (await import('./adapters/encrypted-file/notes.ts')).createEncryptedFileNotes(fileWorld));

  const hurriedNotes = async (name: StoreName): Promise<SecretNotes> => {
    if (name === 'keychain') {
      const [{ createKeychainNotes }, { HURRIED_LIMITS }] = await Promise.all([import('./adapters/keychain/notes.ts'), import('./adapters/keychain/world.ts')]);
      return createKeychainNotes({ ...keychainWorld, mayPrompt: false, alwaysInChild: true }, noteTitles, { limits: HURRIED_LIMITS });
    }
    const given = typed;
    return (await import('./adapters/encrypted-file/notes.ts')).createEncryptedFileNotes({
      ...fileWorld,
      lock: { acquire: (lockName, options) => lock.acquire(lockName, { ...options, waitMs: HURRIED_LOCK_MS }) },
      askPassphrase: given === undefined ? undefined : () => given,
    });
  };

  const loadRevocations = once(async () => (await import('./adapters/revocations.ts')).createRevocationIndex(`${paths.state}/revocations`));
  const revocations: RevocationIndex = {
    list: async () => (await loadRevocations()).list(),
    write: async (record) => (await loadRevocations()).write(record),
    delete: async (name) => (await loadRevocations()).delete(name),
  };

  const loadScripts = once(async () =>
    (await import('./adapters/completion-files.ts')).createCompletionScripts({
      dir: fileURLToPath(new URL('../completions', import.meta.url)),
      env,
      platform: process.platform,
      uid: process.getuid?.(),
      home: findHome(env, process.platform),
      systemRoot: '/',
    }),
  );
  const completionScripts: CompletionScripts = {
    script: async (shell) => (await loadScripts()).script(shell),
    place: async (shell) => (await loadScripts()).place(shell),
    look: async (path) => (await loadScripts()).look(path),
    write: async (path, text) => (await loadScripts()).write(path, text),
    remove: async (path) => (await loadScripts()).remove(path),
  };

  const loadSystem = once(async () =>
    (await import('./adapters/system.ts')).createSystemFacts({
      env,
      clock,
      platform: process.platform,
      uid: process.getuid?.(),
      cwd: currentFolder(),
      home: findHome(env, process.platform),
      dataDir: paths.data,
    }),
  );
  const system: SystemFacts = {
    nodeVersion: process.versions.node,
    platform: process.platform,
    places: { ...paths, home: findHome(env, process.platform) ?? null },
    hostname: async () => (await loadSystem()).hostname(),
    look: async (path) => (await loadSystem()).look(path),
    projectFolders: async () => (await loadSystem()).projectFolders(),
    files: async (folder, name) => (await loadSystem()).files(folder, name),
    readText: async (path, maxBytes) => (await loadSystem()).readText(path, maxBytes),
    proxyFor: async (address) => (await loadSystem()).proxyFor(address),
    sessionBus: async () => (await loadSystem()).sessionBus(),
    fileStore: async () => (await loadSystem()).fileStore(),
    program: async () =>
      (await import('./adapters/program-facts.ts')).findProgram({
        platform: process.platform,
        uid: process.getuid?.(),
        execPath: process.execPath,
        nodeOnPath: () => children.find('node'),
        started: process.argv[1],
        launcher: fileURLToPath(new URL('../bin/keywright.js', import.meta.url)),
        paths,
        passing: [tmpdir(), '/run/', '/var/run/', '/tmp/', env['XDG_RUNTIME_DIR'] ?? ''],
      }),
  };

  return {
    env,
    clock,
    random,
    output,
    prompt,
    browser: createBrowser({ env, childEnv, platform: process.platform }),
    http,
    bulkHttp: loadManyRequests,
    store: (name) => (name === 'keychain' ? keychain() : file()),
    notes: (name, manners) => (manners === 'hurried' ? hurriedNotes(name) : name === 'keychain' ? keychainNotes() : fileNotes()),
    revocations,
    system,
    accounts,
    settings,
    binding,
    definitions,
    results: createResults({ stdoutIs: streams.kindOf(1), stderrIs: streams.kindOf(2), write }),
    children,
    keyFiles,
    configFiles,
    rotations,
    ephemerals,
    grants,
    lock,
    journal,
    backend: { start: async (options) => (await import('./backend/start.ts')).startBackend(options) },
    bridge: async (call) => (await import('./bridge.ts')).carry(call, keychainWorld.childEntry),
    completionScripts,
    knownKeys,
    interrupted: interrupt.signal,
  };
}

const shell: Shell = {
  streams: {
    stdoutIsTerminal: terminal.stdoutIsTerminal,
    stdout: (text) => write(1, text),
    stderr: (text) => write(2, text),
    failure: async (text) => writeFailure(terminal, text, await paintOf(2)),
    columns: columnsOf(1),
    paint: () => paintOf(1),
  },
  deps: buildDeps,
  dieOf: (signal) => void deadly.push(signal),
  now: () => clock.now(),
};

/** Keeps for completion what was learned of keys; the result is out by then. */
async function keepLearned(): Promise<void> {
  const learned = knownKeys.learned();
  if (learned.length === 0) return;
  const { keepKnownKeys } = await import('./adapters/known-keys.ts');
  await keepKnownKeys(`${paths.state}/known-keys`, learned);
}

const words = process.argv.slice(2);

// A promise that never settles keeps no process alive: the command would end in silence, and as if it had succeeded.
const endUnfinished = (): void => {
  process.exitCode = 1;
  void tellUnfinished(words, shell.streams);
};
process.once('beforeExit', endUnfinished);

void run(words, shell).then(async (code) => {
  process.off('beforeExit', endUnfinished);
  process.exitCode = code;
  await keepLearned();
  await Promise.all(toClose.map((http) => http.close()));
  for (const signal of deadly) signals.die(signal);
});
