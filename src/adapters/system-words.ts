const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'its folder is not there',
  ENOTDIR: 'a part of its path is no folder',
  EACCES: 'you may not write there',
  EPERM: 'the system does not allow it',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your share of the disk is used up',
  EROFS: 'the file system is read-only',
  ELOOP: 'its links lead in a circle',
};

/** Why a file cannot be used, after `because` or a colon: by the system's code, such as EACCES. */
export function inWords(code: string | undefined): string {
  return WORDS[code ?? ''] ?? `the system says ${code ?? 'no'}`;
}
