import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What stands between the two marks of a page, as words. */
async function figuresIn(page: string): Promise<readonly string[]> {
  const text = await readFile(path.join(ROOT, page), 'utf8');
  const found = /<!-- speed -->([\s\S]*)<!-- \/speed -->/.exec(text);
  if (found === null) throw new Error(`${page} has no figures of speed`);
  return (found[1] ?? '').split(/\s+/).filter((word) => word !== '');
}

describe('what the README says of speed', () => {
  it('is what the bench measured last', async () => {
    const measured = await figuresIn('bench/results.md');
    expect(measured.filter((word) => /^[0-9]+\.[0-9]{2}[,.]?$/.test(word)).length).toBeGreaterThan(4);
    expect(await figuresIn('README.md')).toEqual(measured);
  });
});
