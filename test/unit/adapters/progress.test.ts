import { describe, expect, it } from 'vitest';
import { createProgressLine } from '../../../src/adapters/progress.ts';

const ERASED = '\r\u001B[K';

function scene(manner: 'drawn' | 'lines' = 'drawn', columns = 80) {
  const written: string[] = [];
  const ticking = new Set<() => void>();
  const at = { now: 1_000_000, columns };
  const line = createProgressLine({
    write: (_descriptor, text) => {
      written.push(text);
      return 'written';
    },
    now: () => at.now,
    every: (_ms, tick) => {
      ticking.add(tick);
      return () => void ticking.delete(tick);
    },
    columns: () => at.columns,
    manner,
    onScreen: (descriptor) => descriptor === 2,
  });
  return {
    line,
    at,
    /** Lets so much time pass, and gives what was written in it. */
    pass: (ms: number): readonly string[] => {
      written.length = 0;
      for (let left = ms; left > 0; left -= 100) {
        at.now += 100;
        for (const tick of ticking) tick();
      }
      return [...written];
    },
    since: (act: () => void): readonly string[] => {
      written.length = 0;
      act();
      return [...written];
    },
    ticking: () => ticking.size,
  };
}

describe('the line of progress', () => {
  it('is not shown for what is over within 300 ms', () => {
    const { line, pass, since, ticking } = scene();
    const task = line.begin('Listing keys', 'untold');
    expect(pass(200)).toEqual([]);
    expect(since(() => task.end())).toEqual([]);
    expect(ticking()).toBe(0);
  });

  it('is drawn at every tick once 300 ms have passed, and is gone at the end', () => {
    const { line, pass, since, ticking } = scene();
    const task = line.begin('Listing keys', 'untold');
    expect(pass(300)).toEqual(['\r/ Listing keys\u001B[K']);
    task.tick(20);
    expect(pass(200)).toEqual(['\r- Listing keys (20)\u001B[K', '\r\\ Listing keys (20)\u001B[K']);
    task.tick(5, 20);
    expect(pass(2_000).at(-1)).toBe('\r[#####...............] Listing keys (5 of 20, 2 s)\u001B[K');
    expect(since(() => task.end())).toEqual([ERASED]);
    expect(since(() => task.end())).toEqual([]);
    expect(ticking()).toBe(0);
  });

  it('makes way for every other line, and waits while a line on the screen is not whole', () => {
    const { line, pass, since } = scene();
    line.begin('Working', 'untold');
    pass(300);
    expect(since(() => line.write(2, 'a note\n'))).toEqual([ERASED, 'a note\n']);
    expect(since(() => line.write(2, 'another\n'))).toEqual(['another\n']);
    expect(pass(100)).toHaveLength(1);
    expect(since(() => line.write(2, '[{"half":'))).toEqual([ERASED, '[{"half":']);
    expect(pass(500)).toEqual([]);
    line.write(2, '1}]\n');
    expect(pass(100)).toHaveLength(1);
    expect(since(() => line.write(1, 'into a file, unended'))).toEqual(['into a file, unended']);
    expect(pass(100)).toHaveLength(1);
  });

  it('tells of the first that was begun, and of the next one when that has ended', () => {
    const { line, pass, since } = scene();
    const outer = line.begin('Revoking', 'untold');
    const inner = line.begin('Waiting for example.com', 'untold');
    expect(pass(300).join('')).toContain('Revoking');
    expect(since(() => inner.end())).toEqual([]);
    line.begin('Waiting for example.org', 'untold');
    expect(since(() => outer.end())).toEqual([ERASED]);
    expect(pass(300).join('')).toContain('example.org');
  });

  it('draws nothing while somebody else has the terminal', () => {
    const { line, pass, since } = scene();
    line.begin('Working', 'untold');
    pass(300);
    const back: Array<() => void> = [];
    expect(since(() => void back.push(line.hush()))).toEqual([ERASED]);
    expect(pass(1_000)).toEqual([]);
    for (const again of back) again();
    expect(pass(100)).toHaveLength(1);
  });

  it('never fills a line, however narrow the window becomes', () => {
    const { line, pass, at } = scene('drawn', 20);
    line.begin('Waiting for a provider with a long name', 'untold');
    expect(pass(300)).toEqual(['\r/ Waiting for a...\u001B[K']);
    at.columns = 10;
    expect(pass(100)).toEqual(['\r- Wait...\u001B[K']);
  });

  it('fills no line with characters that are two columns wide', () => {
    const { line, pass } = scene('drawn', 20);
    line.begin('\u5bc6'.repeat(30), 'untold');
    expect(pass(300)).toEqual([`\r/ ${'\u5bc6'.repeat(7)}...\u001B[K`]);
  });

  it('is one plain line, and one more each ten seconds where there is a count, where nothing may be redrawn', () => {
    const { line, pass } = scene('lines');
    const task = line.begin('Revoking', 'untold');
    expect(pass(9_000)).toEqual(['Revoking\n']);
    expect(pass(9_000)).toEqual([]);
    task.tick(40, 200);
    expect(pass(9_900)).toEqual(['Revoking: 40 of 200\n']);
    task.end();
    const told = line.begin('Waiting for the browser', 'told');
    expect(pass(30_000)).toEqual([]);
    told.end();
    for (let request = 0; request < 3; request += 1) {
      const waiting = line.begin('Waiting for example.com', 'untold');
      expect(pass(1_000)).toEqual(request === 0 ? ['Waiting for example.com\n'] : []);
      waiting.end();
    }
  });
});
