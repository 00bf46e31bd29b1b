import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

/** Which of these programs are not on PATH, and a title that says so. */
function requires(...programs: string[]): { missing: string[]; title(name: string): string } {
  const missing = programs.filter((program) => !onPath(program));
  return { missing, title: (name) => (missing.length === 0 ? name : `${name} (left out: no ${missing.join(', ')} on PATH)`) };
}

/**
 * A group of tests that need system programs. Where one is missing the group is left out and its title says why;
 * with KEYWRIGHT_TEST_ALL=1, as in the full check, that is a failure instead.
 */
export function describeWith(programs: string[], name: string, body: () => void): void {
  const { missing, title } = requires(...programs);
  if (missing.length === 0) {
    describe(name, body);
  } else if (process.env['KEYWRIGHT_TEST_ALL'] === '1') {
    describe(name, () => it('finds the programs that it needs', () => expect(missing).toEqual([])));
  } else {
    describe.skip(title(name), body);
  }
}

function onPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(path.delimiter).some((folder) => {
    try {
      accessSync(path.join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
