import type { Secret } from './secret.ts';
import type { AccountRecord, CredentialAddress, StoredCredential, StoreName } from './credentials.ts';
import type { RevocationIndex } from './revocation.ts';
import type { Bridge } from './bridge.ts';
import type { Children } from './child.ts';
import type { EphemeralJournal } from './ephemeral.ts';
import type { GrantIndex } from './grant.ts';
import type { KeyFiles } from './key-file.ts';
import type { Results } from './results.ts';
import type { RotationJournal } from './rotation.ts';
import type { SystemFacts } from './system.ts';

/**
 * The world as commands see it: everything that a test machine cannot truly be or must be able to watch.
 * `main.ts` builds one `Deps` out of `adapters/`; tests build another. Cheap things are values, costly ones are functions.
 */
export interface Deps {
  readonly env: Env;
  readonly clock: Clock;
  readonly random: Random;
  readonly output: Output;
  readonly prompt: Prompt;
  readonly browser: Browser;
  /** For one request: starts fastest. */
  readonly http: Http;
  /** For OAuth, pages and bulk: keeps connections. Loaded when first used. */
  readonly bulkHttp: () => Promise<Http>;
  readonly store: (name: StoreName) => Promise<CredentialStore>;
  /** With `hurried` nobody is ever asked or waited for: what does not answer within about a second fails, and no hanging keychain ends the process. */
  readonly notes: (name: StoreName, manners?: 'hurried') => Promise<SecretNotes>;
  readonly revocations: RevocationIndex;
  readonly accounts: AccountIndex;
  readonly settings: Settings;
  readonly binding: BindingFile;
  readonly definitions: DefinitionFiles;
  /** For a result that is a key. */
  readonly results: Results;
  readonly children: Children;
  readonly keyFiles: KeyFiles;
  readonly rotations: RotationJournal;
  readonly ephemerals: EphemeralJournal;
  readonly grants: GrantIndex;
  readonly lock: Lock;
  readonly journal: RefreshJournal;
  readonly backend: BackendLauncher;
  readonly bridge: Bridge;
  readonly system: SystemFacts;
  /** The completion script that comes with the program. */
  readonly completionScript: (shell: CompletionShell) => Promise<string>;
  /** Aborted by Ctrl-C or SIGTERM. Waits listen to it; writes do not. */
  readonly interrupted: AbortSignal;
}

export type CompletionShell = 'bash' | 'zsh' | 'fish' | 'powershell';

/** The environment's variables, read once. An empty variable counts as unset: read them through `variable`. */
export type Env = Readonly<Record<string, string | undefined>>;

/** The value of a variable, or undefined where it is unset or empty. */
export function variable(env: Env, name: string): string | undefined {
  const value = env[name];
  return value === undefined || value === '' ? undefined : value;
}

export interface Clock {
  /** Unix milliseconds. */
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason when it is aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Random {
  /** `bytes` random bytes as base64url without padding. */
  token(bytes: number): string;
  /** A number from 0 up to, not including, 1; for jitter, never for secrets. */
  fraction(): number;
}

/** What a person watches while a command runs. All of it goes to stderr; results are returned, not written. */
export interface Output {
  /** Something the person should know now: what is waited for, what was done. Silent with `--quiet`. */
  note(line: string): void;
  /** What the person must act on, or the command cannot go on: an address to open, a code to type. Said with `--quiet` too. */
  must(line: string): void;
  /** Something that may be wrong. Silent with `--quiet`. */
  warn(line: string): void;
  /** For `--debug` only. Never given a secret. */
  debug(line: string): void;
  /** Whether results go to a terminal. */
  readonly stdoutIsTerminal: boolean;
}

export interface Prompt {
  /** Whether a person can be asked: stdin and stderr are terminals and `--no-input` was not given. */
  readonly canAsk: boolean;
  /** A line of text. `signal` ends the question. */
  text(question: string, signal?: AbortSignal): Promise<string>;
  /** A line that is not shown while typed. */
  hidden(question: string, signal?: AbortSignal): Promise<string>;
  confirm(question: string, signal?: AbortSignal): Promise<boolean>;
  choose<T>(question: string, choices: ReadonlyArray<{ readonly name: string; readonly value: T }>, signal?: AbortSignal): Promise<T>;
  /** All of standard input up to its end, for `--with-token` and a piped answer; at most `maxBytes`, beyond it a `usage` failure. `signal` ends the reading. */
  readStdin(maxBytes: number, signal?: AbortSignal): Promise<string>;
  readonly stdinIsTerminal: boolean;
}

export interface Browser {
  /** Whether a browser can be expected to appear before this person: `BROWSER` set, or a display and neither an SSH session nor a container. */
  readonly likely: boolean;
  /** Why none can be expected, to stand after "because"; null where one can. */
  readonly whyUnlikely: string | null;
  /** Opens `address` (already checked, see `oauth/address.ts`). */
  open(address: string): Promise<{ readonly kind: 'opened' } | { readonly kind: 'failed'; readonly why: string }>;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';
  /** `https:` anywhere, or `http:` to loopback; anything else is `refused` before a connection is made. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Bytes of reply body accepted; default 1 MB. */
  readonly maxBytes?: number;
  /** Milliseconds for everything, retries included; default 30 s. */
  readonly totalMs?: number;
  /**
   * `idempotent` (the default): GET, HEAD, PUT and DELETE are tried again on a broken connection, 429, 502, 503 and 504.
   * `except-429`: the same, but a 429 is given back at once, for whoever holds up more than this one request for it.
   * `never`: one try.
   */
  readonly retry?: 'idempotent' | 'except-429' | 'never';
  /**
   * `cuts` (the default): Ctrl-C ends the request. `waits`: it does not, since the reply holds something that exists once,
   * such as a rotated token or a new key; the time limit still holds.
   */
  readonly onInterrupt?: 'cuts' | 'waits';
  readonly signal?: AbortSignal;
}

export interface HttpReply {
  readonly status: number;
  /** Lower-case names; a header that came several times is joined by ", ". */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Http {
  /**
   * Sends one request and gives the reply, whatever its status (an error status that retries did not cure included).
   * Same-origin redirects of GET and HEAD are followed, at most 5. A redirect elsewhere is `unexpected-answer` and nothing is sent there.
   * Throws `unreachable`, `timed-out`, `unexpected-answer` (body over the limit, cut off), `cancelled` (signal), `refused` (plain http).
   * Never throws on a status.
   */
  send(request: HttpRequest): Promise<HttpReply>;
  /** Closes idle connections, so that the process can end at once. */
  close(): Promise<void>;
}

/**
 * Keeps credentials. `read` gives undefined only where the entry is absent for certain, as far as the store can know;
 * a store that is locked, missing or silent throws `keychain-locked`, `keychain-unavailable` or `timed-out`.
 */
export interface CredentialStore {
  readonly name: StoreName;
  read(address: CredentialAddress): Promise<StoredCredential | undefined>;
  /** Returns when the credential is durable. It is never cancelled half-way. */
  write(address: CredentialAddress, credential: StoredCredential): Promise<void>;
  /** `deleted` or `absent`. */
  delete(address: CredentialAddress): Promise<'deleted' | 'absent'>;
  /** Proves that a value can be written, read back and deleted. Called before a browser opens, so that a fresh token is never lost. */
  probe(): Promise<void>;
}

/** What a note is called, and when it ends. */
export interface NoteTitle {
  readonly name: string;
  /** Unix milliseconds. */
  readonly expiresAt: number;
}

/**
 * Secrets that wait for a later command, such as a sign-in that was begun. They lie beside the credentials, under a service or in a file
 * of their own, and with the same protection. Names are no secret: up to 128 letters, digits or `. _ : -`. Failures are those of `CredentialStore`.
 */
export interface SecretNotes {
  readonly store: StoreName;
  /** Returns when the note is durable. It replaces one of the same name. `expiresAt` is in Unix milliseconds. Notes that have expired are removed on the way. */
  write(name: string, text: Secret, expiresAt: number): Promise<void>;
  /** Undefined where there is no such note, or it has expired. */
  read(name: string): Promise<Secret | undefined>;
  /** The notes that have not expired, without their texts. With a keychain they are known by files in the state folder; the keychain is not asked. */
  list(): Promise<readonly NoteTitle[]>;
  delete(name: string): Promise<'deleted' | 'absent'>;
}

/** The index of what must be in the stores. Reading is lenient (an unreadable record is as good as none, and is warned of); writing is atomic. */
export interface AccountIndex {
  list(): Promise<readonly AccountRecord[]>;
  find(address: CredentialAddress): Promise<AccountRecord | undefined>;
  write(record: AccountRecord): Promise<void>;
  delete(address: CredentialAddress): Promise<void>;
}

/** What a person chose for this machine with `use`. */
export interface MachineDefaults {
  /** The id of the default provider; null where none was chosen. */
  readonly provider: string | null;
  /** The default account at each provider origin. */
  readonly accounts: ReadonlyMap<string, string>;
  /** The directory bindings that the person vouches for: the file's path, and the hash of its content at that time. */
  readonly trusted: ReadonlyMap<string, string>;
}

export interface Settings {
  /** Never throws: a file that is missing is as good as empty, and so is one that cannot be read or understood, which is warned of once. */
  read(): Promise<MachineDefaults>;
  /**
   * Writes what `change` makes of the present defaults, atomically. Two processes at once must be kept apart by the caller.
   * `refused` where the folder does not allow it, or where the file that is there was not understood: it is never overwritten.
   */
  update(change: (before: MachineDefaults) => MachineDefaults): Promise<MachineDefaults>;
}

/** A provider's definition that the person added, as it lies in its file. */
export interface DefinitionFile {
  readonly id: string;
  readonly text: string;
}

/** The definitions of the person's own providers, one file each. */
export interface DefinitionFiles {
  /** By id. Never throws: a folder or a file that cannot be read is as good as none. */
  list(): Promise<readonly DefinitionFile[]>;
  /** Writes the file atomically, in place of one of the same id. `refused` where the folder does not allow it. */
  write(file: DefinitionFile): Promise<void>;
  remove(id: string): Promise<'removed' | 'absent'>;
}

/** What a `.keywright.json` says. Its names are checked for their form, not for whether there is such a thing. */
export interface Binding {
  /** The file's absolute path. It may hold any character; show it through `plainText`. */
  readonly path: string;
  readonly provider: string | null;
  readonly account: string | null;
  readonly project: string | null;
  /** SHA-256 of the file's content, hex. */
  readonly hash: string;
}

/** The file that binds a folder, and what lies below it, to a provider and an account. */
export interface BindingFile {
  /**
   * The binding that counts in the current folder: the nearest `.keywright.json` from there up to the root of the repository,
   * outside a repository only in the current folder, and never in a folder above the home folder. Never throws. A file that
   * is not a regular file, not ours, writable by others or not understood is ignored, which is warned of once.
   */
  find(): Promise<Binding | undefined>;
  /** Writes the file in the current folder, in place of the one that is there. `refused` where the folder does not allow it. */
  write(names: { readonly provider: string | null; readonly account: string | null; readonly project: string | null }): Promise<Binding>;
  /** Removes the file of the current folder, whatever it is. `refused` where the folder does not allow it. */
  remove(): Promise<{ readonly kind: 'removed' | 'absent'; readonly path: string }>;
}

export interface LockOptions {
  /** Milliseconds to wait for a living holder before `timed-out`. */
  readonly waitMs: number;
  readonly signal?: AbortSignal;
}

export interface HeldLock {
  /** Throws `refused` when the lock is no longer ours; call it before every step that must not be taken twice. */
  stillOurs(): Promise<void>;
  release(): Promise<void>;
}

export interface Lock {
  /**
   * Waits until this process holds the lock called `name` on this machine. That a holder lives is proved by the kernel.
   * A dead holder's lock is taken over.
   */
  acquire(name: string, options: LockOptions): Promise<HeldLock>;
}

/** That a refresh token is on its way to the server. */
export interface JournalLine {
  /** SHA-256 of the refresh token, hex; the token itself is never written here. */
  readonly tokenHash: string;
  /** Unix milliseconds when the request was about to be sent. */
  readonly at: number;
}

/**
 * Remembers what was about to happen to a refresh token, so that after a crash between request and write somebody knows
 * that the token may be spent. Read and written under the lock of the credential only.
 */
export interface RefreshJournal {
  read(name: string): Promise<JournalLine | undefined>;
  /** Returns when the line is durable. */
  write(name: string, line: JournalLine): Promise<void>;
  clear(name: string): Promise<void>;
}

export interface BackendOptions {
  /** Realm ids; empty means all there are. */
  readonly realms: readonly string[];
  /** Keep data in this folder; undefined keeps it in memory. */
  readonly dataDir: string | undefined;
  /** Fixed port of the first realm, the next ones follow; 0 for any. */
  readonly port: number;
  /** What it offers beyond the real vendors: sign-in by code (RFC 8628), and tokens bound to a key (RFC 9449). Nothing of it unless said. */
  readonly features?: { readonly device?: boolean; readonly dpop?: 'off' | 'on' | 'nonce-required' };
}

export interface RunningBackend {
  readonly realms: ReadonlyArray<{ readonly id: string; readonly origin: string }>;
  stop(): Promise<void>;
}

export interface BackendLauncher {
  start(options: BackendOptions): Promise<RunningBackend>;
}
