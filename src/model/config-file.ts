/** A configuration file of another program. */
export type ConfigFile =
  | { readonly kind: 'absent' }
  /** `place` is the path behind links. */
  | { readonly kind: 'there'; readonly text: string; readonly place: string }
  /** It is there and cannot be read or replaced: no regular file, not ours, too large, no UTF-8, a folder that takes no file. `why` is in words. */
  | { readonly kind: 'unusable'; readonly why: string };

export type ConfigWritten =
  /** `backup` is where the content lies that somebody else wrote; null where there is none. */
  | { readonly kind: 'written'; readonly backup: string | null }
  /** It no longer holds what it was expected to hold: nothing was written. */
  | { readonly kind: 'changed-meanwhile' };

/** Files that other programs own, and that we change a part of. */
export interface ConfigFiles {
  /** Never throws for what lies there. At most 8 MB. */
  read(path: string): Promise<ConfigFile>;
  /**
   * Replaces the whole content atomically, where it still is `before` (undefined: there is no such file): a link is followed, the mode
   * stays (0600 for a new file), missing folders are made (0700). `refused` where the system does not allow it; then the file is as it was.
   *
   * What somebody else wrote is kept beside it, as `<name>.keywright-backup` with the same mode: the content before our changes, however
   * many follow one another. Where the file holds another text than we left there, that text takes the backup's place; where a change
   * brings back the very text of the backup, the backup goes.
   */
  replace(path: string, before: string | undefined, after: string): Promise<ConfigWritten>;
  /**
   * Does `work` while the folder `<path>.lock` is ours, by which some programs keep others away from a file while they write it. A folder
   * that nobody has touched for 10 seconds was left behind. `timed-out` where another program keeps it, after some seconds.
   */
  withLock<Result>(path: string, work: () => Promise<Result>): Promise<Result>;
}
