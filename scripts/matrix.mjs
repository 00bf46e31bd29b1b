/**
 * `npm run matrix`: runs the tests with every line of Node that keywright is for, as far as the registry has it, one after the other, and
 * says which ran. Words after `--` are for vitest: `npm run matrix -- test/unit test/commands`. `--only 22,24` chooses lines.
 *
 * Each Node is the package `node` of npm, kept in .nodes/ for the next time; nothing on the machine changes. The first line that is given
 * is the lowest that `engines` admits. Ends with 1 where a test failed or nothing ran at all.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const LINES = ['20.19.0', '22', '24', '26'];

const words = process.argv.slice(2);
const only = words[0] === '--only' ? words.splice(0, 2)[1]?.split(',') : undefined;
const wanted = only === undefined ? LINES : LINES.filter((line) => only.includes(line) || only.includes(line.split('.')[0]));

function run(file, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(file, args, { cwd: root, encoding: 'utf8', ...options });
  return { ok: status === 0, stdout: stdout ?? '', why: error?.message ?? stderr ?? '' };
}

/** The newest release of a line, or undefined where the registry has none. Throws where the registry cannot be asked. */
function newestOf(line) {
  const asked = run('npm', ['view', `node@${line}`, 'version', '--json', '--loglevel', 'error']);
  const found = asked.stdout.trim() === '' ? [] : [JSON.parse(asked.stdout)].flat();
  if (!asked.ok && !/E404|No match/.test(asked.why + asked.stdout)) throw new Error(`the registry does not answer: ${asked.why.trim()}`);
  const versions = found.filter((version) => typeof version === 'string' && /^\d+\.\d+\.\d+$/.test(version));
  return versions.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1);
}

/** The program of one release, installed where it is not yet; its script fetches nothing but puts the binary in its place. */
async function nodeOf(version) {
  const folder = path.join(root, '.nodes', version);
  const program = path.join(folder, 'node_modules', 'node', 'bin', 'node');
  if (!existsSync(program)) {
    await mkdir(folder, { recursive: true });
    const installed = run('npm', ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', '--loglevel', 'error', `node@${version}`]);
    if (!installed.ok) {
      await rm(folder, { recursive: true, force: true });
      throw new Error(installed.why.trim());
    }
  }
  const says = run(program, ['--version']).stdout.trim();
  if (says !== `v${version}`) throw new Error(`${program} says that it is ${says || 'nothing'}`);
  return program;
}

/** Tests start further processes by the name `node` too, so that the folder of this one comes first on PATH. */
async function testsWith(program, version) {
  const report = path.join(root, 'test-results', `node-${version}.json`);
  await rm(report, { force: true });
  const env = { ...process.env, CI: '1', PATH: `${path.dirname(program)}${path.delimiter}${process.env.PATH ?? ''}` };
  const args = [path.join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', '--outputFile.json', report, ...words];
  const { ok } = run(program, args, { env, stdio: 'inherit' });
  const counts = await readFile(report, 'utf8').then(JSON.parse, () => undefined);
  if (counts === undefined) return { state: 'failed', about: 'the tests did not run to their end' };
  const { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped } = counts;
  return { state: ok ? 'passed' : 'failed', about: `${passed} passed, ${failed} failed, ${skipped} skipped` };
}

async function rowFor(line) {
  try {
    const version = newestOf(line);
    if (version === undefined) return { line, version: '-', state: 'missing', about: 'the registry has no such release' };
    const program = await nodeOf(version);
    process.stdout.write(`\n== Node ${version}\n`);
    return { line, version, ...(await testsWith(program, version)) };
  } catch (thrown) {
    return { line, version: '-', state: 'missing', about: thrown instanceof Error ? thrown.message.split('\n')[0] : String(thrown) };
  }
}

const rows = [];
for (const line of wanted) rows.push(await rowFor(line));

process.stdout.write(`\n${'line'.padEnd(9)}${'Node'.padEnd(10)}${'result'.padEnd(9)}${words.length === 0 ? 'all tests' : words.join(' ')}\n`);
for (const { line, version, state, about } of rows) process.stdout.write(`${line.padEnd(9)}${version.padEnd(10)}${state.padEnd(9)}${about}\n`);
const ran = rows.filter(({ state }) => state !== 'missing');
if (ran.length === 0 || ran.some(({ state }) => state === 'failed')) process.exitCode = 1;
