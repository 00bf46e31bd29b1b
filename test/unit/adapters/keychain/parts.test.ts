import { describe, expect, it } from 'vitest';
import type { Entries } from '../../../../src/adapters/keychain/entries.ts';
import { entriesInParts } from '../../../../src/adapters/keychain/parts.ts';
import { isFailure } from '../../../../src/model/failure.ts';

const MAX = 200;
const HOUR = 3_600_000;
const NAME = 'https://api.example|default';

/** Entries that hold at most MAX bytes each, as Windows does, and whose process may die before any write. */
class LimitedEntries implements Entries {
  readonly kept = new Map<string, string>();
  /** How many writes and deletes are left before the process dies. */
  writesLeft = Number.POSITIVE_INFINITY;
  /** Runs before each read, as another process would. */
  beforeGet: (name: string) => Promise<void> = () => Promise.resolve();

  async get(name: string): Promise<string | undefined> {
    await this.beforeGet(name);
    return this.kept.get(name);
  }
  async set(name: string, value: string): Promise<void> {
    this.#step();
    if (Buffer.byteLength(value) > MAX) throw new Error('an entry holds no more than its limit');
    this.kept.set(name, value);
    await Promise.resolve();
  }
  delete(name: string): Promise<'deleted' | 'absent'> {
    this.#step();
    return Promise.resolve(this.kept.delete(name) ? 'deleted' : 'absent');
  }
  #step(): void {
    if (this.writesLeft === 0) throw new Error('the process died');
    this.writesLeft -= 1;
  }
}

function world(): { limited: LimitedEntries; parts: Entries; at: { now: number } } {
  const limited = new LimitedEntries();
  const at = { now: 0 };
  let generations = 0;
  return { limited, at, parts: entriesInParts(limited, { maxBytes: MAX, now: () => at.now, generation: () => `gen${(generations += 1)}` }) };
}

const short = 'short value';
const long = `{"v":1,"key":"${'0123456789'.repeat(70)}"}`;
const longer = `{"v":1,"key":"${'\u00fc\u{1f511}'.repeat(200)}"}`;

describe('values split over entries of a limited size', () => {
  it.each([
    ['a short one', short],
    ['one of exactly the limit', 'x'.repeat(MAX)],
    ['one byte over the limit', 'x'.repeat(MAX + 1)],
    ['one whose bytes, not characters, are over the limit', '\u00fc'.repeat(MAX - 1)],
    ['a long one', long],
    ['unicode', longer],
    ['64 KB', 'k'.repeat(65_536)],
    ['one that looks like a directory', 'keywright-parts:1:x:1:y'],
  ])('come back whole: %s', async (_title, value) => {
    const { parts } = world();
    await parts.set(NAME, value);
    expect(await parts.get(NAME)).toBe(value);
  });

  it('keeps a value that fits as its one entry', async () => {
    const { parts, limited } = world();
    await parts.set(NAME, short);
    expect([...limited.kept]).toEqual([[NAME, short]]);
  });

  it('leaves nothing of earlier values behind, whatever follows what', async () => {
    const { parts, limited } = world();
    for (const value of [long, short, longer, long, longer]) await parts.set(NAME, value);
    // The last value alone: its directory, its list, its parts.
    expect(limited.kept.size).toBe(2 + Math.ceil(Buffer.from(longer).toString('base64url').length / MAX));
    expect(await parts.delete(NAME)).toBe('deleted');
    expect([...limited.kept]).toEqual([]);
    expect(await parts.delete(NAME)).toBe('absent');
    expect(await parts.get(NAME)).toBeUndefined();
  });

  it('keeps names apart that end like names of parts', async () => {
    const { parts } = world();
    const names = [NAME, `${NAME}|parts`, `${NAME}|part|gen1|0`, `${NAME}:0`];
    for (const name of names) await parts.set(name, `${long} of ${name}`);
    for (const name of names) expect(await parts.get(name)).toBe(`${long} of ${name}`);
  });

  const pairs: ReadonlyArray<readonly [string, string, string]> = [
    ['long by longer', long, longer],
    ['longer by long', longer, long],
    ['short by long', short, long],
    ['long by short', long, short],
    ['long by itself', long, long],
  ];
  it.each(pairs)('survive a process that dies at any step of replacing %s: the old value or the new one', async (_title, before, after) => {
    let crashes = 0;
    for (let step = 0; ; step += 1) {
      const { parts, limited, at } = world();
      await parts.set(NAME, before);
      limited.writesLeft = step;
      const died = await parts.set(NAME, after).then(
        () => false,
        () => true,
      );
      limited.writesLeft = Number.POSITIVE_INFINITY;
      expect(died ? [before, after] : [after]).toContain(await parts.get(NAME));
      if (!died) break;
      crashes += 1;
      // A later write cures it, and once the rest is old, the one after that leaves no trace of it.
      await parts.set(NAME, long);
      expect(await parts.get(NAME)).toBe(long);
      at.now = 2 * HOUR;
      await parts.set(NAME, short);
      expect([...limited.kept]).toEqual([[NAME, short]]);
    }
    expect(crashes).toBeGreaterThan(0);
  });

  it('survive a process that dies at any step of deleting: the value or nothing, and a second delete leaves nothing', async () => {
    for (let step = 0; ; step += 1) {
      const { parts, limited } = world();
      await parts.set(NAME, long);
      limited.writesLeft = step;
      const died = await parts.delete(NAME).then(
        () => false,
        () => true,
      );
      limited.writesLeft = Number.POSITIVE_INFINITY;
      expect([long, undefined]).toContain(await parts.get(NAME));
      await parts.delete(NAME);
      expect([...limited.kept]).toEqual([]);
      if (!died) break;
      expect(step).toBeLessThan(100);
    }
  });

  it('are read anew when another process replaces them meanwhile', async () => {
    const { parts, limited } = world();
    await parts.set(NAME, long);
    let replaced = false;
    limited.beforeGet = async (name) => {
      if (replaced || !name.startsWith('part:') || !name.includes(':2:')) return;
      replaced = true;
      await parts.set(NAME, longer);
    };
    expect(await parts.get(NAME)).toBe(longer);
    expect(replaced).toBe(true);
  });

  it('do not lose to one another when two processes write at once', async () => {
    const { parts, limited } = world();
    await parts.set(NAME, short.repeat(40));
    // Each turn of one process comes between two turns of the other.
    await Promise.all([parts.set(NAME, long), parts.set(NAME, longer)]);
    expect([long, longer]).toContain(await parts.get(NAME));
    await parts.delete(NAME);
    expect(limited.kept.has(NAME)).toBe(false);
  });

  it.each([
    ['a part is missing', (kept: Map<string, string>) => void kept.delete(`part:gen1:1:${NAME}`)],
    ['a part was changed', (kept: Map<string, string>) => void kept.set(`part:gen1:1:${NAME}`, 'AAAA')],
    [
      'two parts changed places',
      (kept: Map<string, string>) => {
        const [one, two] = [kept.get(`part:gen1:0:${NAME}`) ?? '', kept.get(`part:gen1:1:${NAME}`) ?? ''];
        kept.set(`part:gen1:0:${NAME}`, two).set(`part:gen1:1:${NAME}`, one);
      },
    ],
    ['the directory is damaged', (kept: Map<string, string>) => void kept.set(NAME, 'keywright-parts:1:gen1:x')],
  ])('are called damaged, not absent and not another value, when %s', async (_title, damage) => {
    const { parts, limited } = world();
    await parts.set(NAME, long);
    damage(limited.kept);
    const thrown: unknown = await parts.get(NAME).catch((reason: unknown) => reason);
    expect(isFailure(thrown) && thrown.message).toBe('unexpected-answer: The stored credential is damaged: its parts do not belong together.');
    // A new value cures it.
    await parts.set(NAME, longer);
    expect(await parts.get(NAME)).toBe(longer);
  });
});
