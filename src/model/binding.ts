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
