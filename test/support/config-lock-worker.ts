import { readFile } from 'node:fs/promises';
import { createClock } from '../../src/adapters/clock.ts';
import { createConfigFiles } from '../../src/adapters/config-files/config-files.ts';

/**
 * A process that counts in a file that others count in too. `count FILE NOTES TIMES` adds one so often, each time under the file's
 * lock, and never by comparing: it fails where the file changed while the lock was held. `hold FILE NOTES` takes the lock, says `held` and keeps it.
 */
const [mode = '', path = '', notes = '', times = '0'] = process.argv.slice(2);
const clock = createClock();
const files = createConfigFiles({ uid: process.getuid?.(), clock, interrupted: new AbortController().signal, notes });

if (mode === 'hold') {
  await files.withLock(path, async () => {
    process.stdout.write('held\n');
    process.stdin.resume();
    await new Promise((resolve) => process.stdin.once('end', resolve));
  });
} else {
  for (let turn = 0; turn < Number(times); turn += 1) {
    await files.withLock(path, async () => {
      const before = await readFile(path, 'utf8');
      await clock.sleep(1);
      const written = await files.replace(path, before, String(Number(before) + 1));
      if (written.kind !== 'written') throw new Error('somebody else wrote under our lock');
    });
  }
}
