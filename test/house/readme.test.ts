import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { COMMANDS } from '../../src/cli/command-table.ts';

const README = readFileSync(fileURLToPath(new URL('../../README.md', import.meta.url)), 'utf8');

describe('the table of commands in the README', () => {
  it('names every command, and no other', () => {
    const section = README.split(/^## /m).find((part) => part.startsWith('Commands\n')) ?? '';
    const rows = section.split('\n').filter((line) => line.startsWith('| `'));
    const named = rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, words]) => words ?? ''));
    expect([...named].sort()).toEqual(COMMANDS.map(({ path }) => path.join(' ')).sort());
  });
});
