import { createHash } from 'node:crypto';
import { isTexts } from '../record-fields.ts';
import { createRecordFolder } from '../record-folder.ts';

/** What a file may hold that is ours: hashes of what we wrote last, and of what we had written before in case the last writing was cut off. */
interface Left {
  /** A hash of the file's path. */
  readonly id: string;
  readonly hashes: readonly string[];
}

/** Remembers what we left in the files of other programs, to tell it from what somebody else wrote there since. */
export interface LeftTexts {
  isOurs(place: string, text: string): Promise<boolean>;
  /** `texts`: all that the file may hold from now on by our doing. */
  note(place: string, texts: readonly string[]): Promise<void>;
  forget(place: string): Promise<void>;
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** One small record for each file in `dir`; no text of a file is in it. */
export function createLeftTexts(dir: string): LeftTexts {
  const folder = createRecordFolder<Left>({
    dir,
    idOf: ({ id }) => id,
    encode: (left) => ({ ...left }),
    decode: ({ id, hashes }) => (typeof id === 'string' && isTexts(hashes) ? { id, hashes } : undefined),
  });
  return {
    isOurs: async (place, text) => (await folder.find(hashOf(place)))?.hashes.includes(hashOf(text)) ?? false,
    note: (place, texts) => folder.write({ id: hashOf(place), hashes: texts.map(hashOf) }),
    forget: (place) => folder.delete(hashOf(place)),
  };
}
