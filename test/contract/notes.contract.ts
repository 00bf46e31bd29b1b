import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SecretNotes } from '../../src/model/secret-notes.ts';
import { Secret } from '../../src/model/secret.ts';
import { createMovingClock, type MovingClock } from '../support/moving-clock.ts';

export interface NotesUnderTest {
  readonly notes: SecretNotes;
  /** The same notes, as another process sees them. */
  readonly again: SecretNotes;
  cleanup(): Promise<void>;
}

const MINUTE = 60_000;

/** What notes keep to, wherever they lie. `make` gives a place without any, anew for each test. */
export function notesContract(name: string, make: (clock: MovingClock) => Promise<NotesUnderTest>): void {
  describe(`${name} as a place for notes`, () => {
    let made: NotesUnderTest;
    let clock: MovingClock;
    beforeEach(async () => {
      clock = createMovingClock();
      made = await make(clock);
    });
    afterEach(() => made.cleanup());

    const soon = (): number => clock.now() + 10 * MINUTE;
    const textOf = async (note: string): Promise<string | undefined> => (await made.again.read(note))?.reveal();

    it('has nothing that was never written', async () => {
      expect(await made.notes.read('never')).toBeUndefined();
      expect(await made.notes.list()).toEqual([]);
      expect(await made.notes.delete('never')).toBe('absent');
    });

    it.each([
      ['an empty text', ''],
      ['JSON', '{"token":"abc"}'],
      ['NUL, half a character and line ends', 'a\u0000b\ud800c\r\n'],
      ['64 KB', 'k'.repeat(65_536)],
    ])('brings back %s', async (_title, text) => {
      await made.notes.write('kept', new Secret(text), soon());
      expect(await textOf('kept')).toBe(text);
    });

    it('replaces a note of the same name, and its end', async () => {
      await made.notes.write('one', new Secret('first'), soon());
      const later = soon() + MINUTE;
      await made.notes.write('one', new Secret('second'), later);
      expect(await textOf('one')).toBe('second');
      expect(await made.again.list()).toEqual([{ name: 'one', expiresAt: later }]);
    });

    it('lists names and ends, and forgets what is deleted', async () => {
      const end = soon();
      await made.notes.write('sign-in:a', new Secret('a'), end);
      await made.notes.write('revoke:b', new Secret('b'), end);
      expect([...(await made.again.list())].sort((a, b) => (a.name < b.name ? -1 : 1))).toEqual([
        { name: 'revoke:b', expiresAt: end },
        { name: 'sign-in:a', expiresAt: end },
      ]);
      expect(await made.again.delete('revoke:b')).toBe('deleted');
      expect(await made.notes.delete('revoke:b')).toBe('absent');
      expect((await made.notes.list()).map((title) => title.name)).toEqual(['sign-in:a']);
      expect(await textOf('sign-in:a')).toBe('a');
    });

    it('gives nothing after the end, and removes it at the next write', async () => {
      await made.notes.write('short', new Secret('gone soon'), clock.now() + MINUTE);
      await made.notes.write('long', new Secret('stays'), soon());
      clock.advance(MINUTE);
      expect([await textOf('short'), await textOf('long')]).toEqual([undefined, 'stays']);
      expect((await made.notes.list()).map((title) => title.name)).toEqual(['long']);
      await made.notes.write('new', new Secret('x'), soon());
      expect(await made.notes.delete('short')).toBe('absent');
    });

    it('takes no name that a store could misread', async () => {
      for (const bad of ['', 'a|b', '../a', 'a b', 'a\u0000b', '-a', 'n'.repeat(129)]) {
        await expect(made.notes.write(bad, new Secret('x'), soon())).rejects.toMatchObject({ code: 'bug' });
      }
      expect(await made.notes.list()).toEqual([]);
    });

    it('loses nothing when several are written at once', async () => {
      const names = Array.from({ length: 8 }, (_, index) => `note-${index}`);
      await Promise.all(names.map((each, index) => (index % 2 === 0 ? made.notes : made.again).write(each, new Secret(each), soon())));
      expect((await made.notes.list()).map((title) => title.name).sort()).toEqual(names);
      expect(await Promise.all(names.map(textOf))).toEqual(names);
    });
  });
}
