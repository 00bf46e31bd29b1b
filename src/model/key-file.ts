import type { Secret } from './secret.ts';

/** Files that people name as a place for a key. */
export interface KeyFiles {
  /** The absolute path of what was named, from the current folder. */
  resolve(path: string): string;
  /**
   * Whether `write` could write there, without changing anything: the folder is there and takes a file, and what lies there already is
   * a regular file of ours. `why` is in words; `place` is the path behind links.
   */
  check(path: string): Promise<{ readonly kind: 'writable'; readonly place: string } | { readonly kind: 'not-writable'; readonly why: string }>;
  /** What lies there; undefined where there is nothing. `refused` where it cannot be read, is larger than 1 MB or is no UTF-8: its bytes could not be kept. */
  read(path: string): Promise<Secret | undefined>;
  /** Replaces the file atomically, 0600; a link is followed to the file that it points to, whose mode is made 0600. */
  write(path: string, text: Secret): Promise<void>;
  /** Appends to a file that another program made and reads, such as `$GITHUB_ENV`; its mode stays. */
  append(path: string, text: Secret): Promise<void>;
  delete(path: string): Promise<void>;
}
