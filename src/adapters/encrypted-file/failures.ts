import { Failure } from '../../model/failure.ts';
import { systemCode } from '../system-code.ts';

/** The store cannot be used, whoever asks. `what` completes "The file store <path> ...". */
export function unusable(path: string, what: string, hint: string, cause?: unknown): Failure {
  return new Failure('keychain-unavailable', { detail: `The file store ${path} ${what}.`, hint, cause });
}

/** The store is whole, and what would open it is wrong or missing. */
export function lockedUp(path: string, what: string, hint: string): Failure {
  return new Failure('keychain-locked', { detail: `The file store ${path} ${what}.`, hint });
}

/** What is in the file is not what was written. */
export function damaged(path: string, what: string): Failure {
  return unusable(path, `is damaged: ${what}`, `Bring ${path} back from a backup; or move it away and sign in again.`);
}

/** An error of the system while the file was read. Anything else is given back as it is. */
export function readTrouble(path: string, error: unknown): unknown {
  const code = systemCode(error);
  if (code === undefined) return error;
  return unusable(path, `cannot be read (${code})`, 'Check its permissions; it must be a file of yours. Nobody was signed out.', error);
}

/** An error of the system while the file was written. What the file held before is untouched. */
export function writeTrouble(path: string, error: unknown): unknown {
  const code = systemCode(error);
  if (code === undefined) return error;
  if (['ENOSPC', 'EDQUOT', 'EFBIG'].includes(code)) {
    return unusable(path, `cannot be written: the disk is full (${code}); what it held is unchanged`, 'Make room and try again.', error);
  }
  if (['EACCES', 'EPERM', 'EROFS'].includes(code)) {
    return unusable(
      path,
      `cannot be written: its folder does not allow it (${code}); what it held is unchanged`,
      'Make the folder writable for you, or point XDG_DATA_HOME to one that is.',
      error,
    );
  }
  return unusable(
    path,
    `cannot be written (${code}); what it held is unchanged`,
    'Its folder must be a folder of yours on a disk with some space left.',
    error,
  );
}
