import type { Paths } from '../adapters/path-rules.ts';
import { mayBeThere, mayHoldSomething } from '../adapters/presence.ts';
import { ephemeralsDir, noteTitlesDir, notesFile, revocationsDir, rotationsDir } from '../world/kept-here.ts';

/** Whether an earlier command may have left something that a later one tells of, finishes or tidies up. */
export const mayBeLeft = (paths: Pick<Paths, 'state' | 'data'>): boolean =>
  [rotationsDir, revocationsDir, ephemeralsDir, noteTitlesDir].some((dir) => mayHoldSomething(dir(paths))) || mayBeThere(notesFile(paths));
