import { CREDENTIALS_FILE } from './file-names.ts';
import { entryName } from '../../model/credentials.ts';
import type { CredentialStore } from '../../model/credential-store.ts';
import { decodeCredential, encodeCredential } from '../../model/stored-credential-codec.ts';
import { createSealedTexts, type EncryptedFileWorld } from './texts.ts';

/** All credentials in one encrypted file in the data folder, for machines without a keychain; its promises are those of `createSealedTexts`. */
export function createEncryptedFileStore(world: EncryptedFileWorld): CredentialStore {
  const texts = createSealedTexts(world, { file: CREDENTIALS_FILE });
  return {
    name: 'file',
    read: async (address) => {
      const text = (await texts.read()).get(entryName(address));
      return text === undefined ? undefined : decodeCredential(text);
    },
    write: async (address, credential) => {
      const text = encodeCredential(credential);
      await texts.change((entries) => {
        entries.set(entryName(address), text);
        return 'changed';
      });
    },
    delete: (address) => texts.delete(entryName(address)),
    probe: () => texts.probe(),
  };
}
