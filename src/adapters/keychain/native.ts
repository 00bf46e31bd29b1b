/**
 * The one file that knows the keychain library. Its rules:
 * - only the default import works at run time, and it is loaded when it is first needed;
 * - `findCredentials` ends the whole process on a locked keyring, so it is not in our type of the library;
 * - values with NUL are cut and empty ones refused by it: they never get that far (`in-process.ts`).
 */
export interface NativeKeychain {
  getPassword(service: string, account: string): Promise<string | null>;
  setPassword(service: string, account: string, password: string): Promise<void>;
  deletePassword(service: string, account: string): Promise<boolean>;
}

export type LoadNative = () => Promise<NativeKeychain>;

/** Loads the library. Rejects where it has no binary for this machine, or where the system's own library (libsecret) is missing. */
export async function loadNative(): Promise<NativeKeychain> {
  const { default: keytar } = await import('keytar');
  return keytar;
}
