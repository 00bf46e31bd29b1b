import type { AccountIndex } from './account-index.ts';
import type { BackendLauncher } from './backend.ts';
import type { BindingFile } from './binding.ts';
import type { Bridge } from './bridge.ts';
import type { Browser } from './browser.ts';
import type { Children } from './child.ts';
import type { Clock } from './clock.ts';
import type { CompletionScripts } from './completion.ts';
import type { ConfigFiles } from './config-file.ts';
import type { CredentialStore } from './credential-store.ts';
import type { StoreName } from './credentials.ts';
import type { DefinitionFiles } from './definition-file.ts';
import type { Env } from './env.ts';
import type { EphemeralJournal } from './ephemeral.ts';
import type { GrantIndex } from './grant.ts';
import type { Http } from './http.ts';
import type { KeyFiles } from './key-file.ts';
import type { KnownKeys } from './known-keys.ts';
import type { Lock } from './lock.ts';
import type { Output } from './output.ts';
import type { Prompt } from './prompt.ts';
import type { Random } from './random.ts';
import type { RefreshJournal } from './refresh-journal.ts';
import type { Results } from './results.ts';
import type { RevocationIndex } from './revocation.ts';
import type { RotationJournal } from './rotation.ts';
import type { SecretNotes } from './secret-notes.ts';
import type { Settings } from './settings.ts';
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
  /** For pages and bulk, and for refreshing: keeps connections, and is lean. Loaded when first used. */
  readonly bulkHttp: () => Promise<Http>;
  /** For the conversation of a sign-in with its authorization server: keeps connections. Loaded when first used. */
  readonly oauthHttp: () => Promise<Http>;
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
  /** Of other programs, such as clients of MCP. */
  readonly configFiles: ConfigFiles;
  readonly rotations: RotationJournal;
  readonly ephemerals: EphemeralJournal;
  readonly grants: GrantIndex;
  readonly lock: Lock;
  readonly journal: RefreshJournal;
  readonly backend: BackendLauncher;
  readonly bridge: Bridge;
  readonly system: SystemFacts;
  readonly completionScripts: CompletionScripts;
  readonly knownKeys: KnownKeys;
  /** Aborted by Ctrl-C or SIGTERM. Waits listen to it; writes do not. */
  readonly interrupted: AbortSignal;
}
