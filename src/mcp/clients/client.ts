import type { Env } from '../../model/env.ts';
import type { EntryValue, FileFormat } from '../edit/entry.ts';

/** What the places of a client's files depend on. */
export interface ClientWorld {
  readonly env: Env;
  /** As `process.platform` has it. */
  readonly platform: string;
  /** The home folder, absolute. */
  readonly home: string;
  /** The root of the current project, absolute. */
  readonly project: string;
}

/** How a client starts the bridge: absolute paths, since what clients hand on of PATH and the environment is not to be relied on. */
export interface BridgeStart {
  readonly command: string;
  readonly args: readonly string[];
}

export type Scope = 'user' | 'project';

/** The client's own command by which its configuration is changed or asked about, where it has one. */
export interface ClientProgram {
  /** On PATH. */
  readonly name: string;
  /** Arguments that put an entry into the user's file, in place of one of the same name; the entry is JSON on standard input. Only where the client itself should write. */
  readonly put?: (name: string) => { readonly remove: readonly string[]; readonly add: readonly string[] };
  /** Arguments that take an entry out of the user's file. */
  readonly remove?: (name: string) => readonly string[];
  /** Arguments that tell what the client makes of an entry, and how its answer is read; `limitMs` since it may start servers. */
  readonly ask?: {
    readonly args: (name: string) => readonly string[];
    readonly limitMs: number;
    readonly read: (name: string, said: { readonly code: number; readonly stdout: string; readonly stderr: string }) => ClientSays;
  };
}

/** What a client's own command reports of an entry. */
export type ClientSays =
  | { readonly kind: 'connected' }
  | { readonly kind: 'known' }
  | { readonly kind: 'waits-for-approval' }
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'unclear' };

/** One client of MCP: a row of data. Sources: each client's own documentation on its configuration of MCP servers. */
export interface Client {
  /** Also the name of the agent that the grant is for. */
  readonly id: string;
  readonly name: string;
  /** Candidates in the order in which the client looks; the first that exists counts, else the first is made. Empty where the client has none of that scope on this system. */
  readonly files: (scope: Scope, world: ClientWorld) => readonly string[];
  readonly format: FileFormat;
  /** The names that lead to the table of servers. */
  readonly servers: readonly string[];
  readonly entry: (start: BridgeStart) => EntryValue;
  /** It is here where one of these folders or programs is. */
  readonly signs: (world: ClientWorld) => { readonly folders: readonly string[]; readonly programs: readonly string[] };
  readonly program: ClientProgram | null;
  /** `folder`: the client writes the user's file under a lock of its own, a folder beside it; who else writes there takes it too. */
  readonly lock: 'folder' | 'none';
  /** What a person must still do in the client, such as approving the entry or starting it anew; null for nothing. */
  readonly afterwards: (scope: Scope) => string | null;
}
