/** What lies at a path; a link is not followed. */
export type PathFacts =
  | { readonly kind: 'absent' }
  /** `why` is the system's code, such as EACCES. */
  | { readonly kind: 'unreadable'; readonly why: string }
  | {
      readonly kind: 'file' | 'folder' | 'link' | 'other';
      /** The permission bits; null on systems that have none (Windows). */
      readonly mode: number | null;
      /** Null where the system does not tell. */
      readonly owner: 'ours' | 'of-somebody-else' | null;
    };

/** Which proxy a request would go through, without its password. */
export type ProxyFacts =
  | { readonly kind: 'none' }
  | { readonly kind: 'proxy'; readonly host: string; readonly variable: string }
  /** A variable names a proxy that cannot be used. */
  | { readonly kind: 'unusable'; readonly detail: string };

/** What the session bus says of the keychain; `not-asked` where the system reaches its keychain in another way. */
export type SessionBusFacts = 'not-asked' | 'unlocked' | 'locked' | 'no-bus' | 'no-keychain' | 'silent' | 'odd';

/** The encrypted file as it lies there, unopened. */
export interface FileStoreFacts {
  readonly path: string;
  /** The file of what waits for a later command. */
  readonly notesPath: string;
  readonly keyPath: string;
  /** Whether there is one, and whether it can be read. */
  readonly state: { readonly kind: 'there' } | { readonly kind: 'absent' } | { readonly kind: 'unusable'; readonly why: string };
  /**
   * Where its key or passphrase comes from, or, where there is no file yet, would come from: the name of a variable, the path of a
   * file, or `typed`. Null where there is none.
   */
  readonly keySource: string | null;
}

/** What somebody else needs to start this program as we were started. */
export interface ProgramFacts {
  /** The running Node, absolute: by a path that outlives an upgrade where there is one. */
  readonly node: string;
  /** The launcher, absolute, chosen in the same way. */
  readonly script: string;
  /** Null on systems without such numbers (Windows). */
  readonly uid: number | null;
  /** Where our records and the encrypted file lie now, and where they would for a process that knows nothing but its user. */
  readonly folders: { readonly state: string; readonly data: string };
  readonly usualFolders: { readonly state: string; readonly data: string };
}

/** What kind of machine this is. Nothing here is a secret, and asking changes nothing. Nothing rejects. */
export interface SystemFacts {
  readonly nodeVersion: string;
  /** As `process.platform` has it. */
  readonly platform: string;
  /** Where things lie; null where the password database knows no home for this user. `home` is the one that the person's programs see. */
  readonly places: { readonly state: string; readonly locks: string | null; readonly journals: string | null; readonly home: string | null };
  /** The name of this machine, as it calls itself. */
  hostname(): Promise<string>;
  look(path: string): Promise<PathFacts>;
  /** The current folder and those above it up to the root of the repository; outside of one only the current folder. */
  projectFolders(): Promise<readonly string[]>;
  /** Paths of the files of a folder whose names match; none where the folder cannot be read. */
  files(folder: string, name: RegExp): Promise<readonly string[]>;
  /** The text of a regular file of at most `maxBytes`; undefined for anything else. */
  readText(path: string, maxBytes: number): Promise<string | undefined>;
  proxyFor(address: string): Promise<ProxyFacts>;
  sessionBus(): Promise<SessionBusFacts>;
  fileStore(): Promise<FileStoreFacts>;
  program(): Promise<ProgramFacts>;
}
