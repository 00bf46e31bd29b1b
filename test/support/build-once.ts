import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const BUILD = fileURLToPath(new URL('../../scripts/build.mjs', import.meta.url));

/**
 * Builds dist before the first test, so that tests of the built program never meet an old one.
 * A build that fails ends the run. Where only some tests were asked for (`vitest run test/unit/model`) it is said and the
 * run goes on: a test of one room need not wait for another room to compile.
 */
export async function setup(): Promise<void> {
  try {
    await promisify(execFile)(process.execPath, [BUILD, '--quiet']);
  } catch (thrown) {
    const onlySome = process.argv.slice(2).some((argument) => argument !== 'run' && !argument.startsWith('-'));
    if (!onlySome) throw thrown;
    const said = thrown instanceof Error && 'stderr' in thrown ? String(thrown.stderr) : String(thrown);
    process.stderr.write(`${said}Tests of the built program see an OLD build or none.\n`);
  }
}
