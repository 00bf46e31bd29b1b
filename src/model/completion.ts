export const COMPLETION_SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;

export type CompletionShell = (typeof COMPLETION_SHELLS)[number];

/** What lies where a script of ours would lie. `ours` is known by the line at its head, which names the version that made it. */
export type ScriptFile =
  | { readonly kind: 'absent' }
  | { readonly kind: 'ours'; readonly version: string }
  /** Somebody else's, a link, or what cannot be read. */
  | { readonly kind: 'foreign' };

/** Where the script of a shell goes, and what is still to be done for the shell to find it. */
export interface ScriptPlace {
  /** Absolute; empty where the script that comes with the program is loaded from where it is. */
  readonly paths: readonly string[];
  /** The start-up file and the line that it needs; null where the shell looks there by itself. */
  readonly startUp: { readonly file: string; readonly line: string } | null;
}

/** The completion scripts that come with the program, and those that were put where shells look. */
export interface CompletionScripts {
  /** The version of the scripts that come with the program. */
  script(shell: CompletionShell): Promise<{ readonly text: string; readonly version: string }>;
  place(shell: CompletionShell): Promise<ScriptPlace>;
  look(path: string): Promise<ScriptFile>;
  /** Writes the script atomically, 0644. `refused` where the folder does not allow it. Whoever calls has looked before. */
  write(path: string, text: string): Promise<void>;
  remove(path: string): Promise<void>;
}
