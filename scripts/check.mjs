/** Everything before a push but the tests, which `npm test` runs: prints a verdict each, shows what failed. Exit code 1 if anything did. */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import process from 'node:process';

const CHECKS = ['types', 'lint', 'format', 'arch', 'dead'];

/** npm says how to start itself; started by hand, it is found on PATH. */
const npm = process.env.npm_execpath === undefined ? { command: 'npm', before: [] } : { command: process.execPath, before: [process.env.npm_execpath] };

/** Runs one script of package.json and gives its exit code and all that it said. */
function run(script) {
  return new Promise((resolve) => {
    const child = spawn(npm.command, [...npm.before, 'run', '--silent', script], { stdio: ['ignore', 'pipe', 'pipe'] });
    const said = [];
    child.stdout.on('data', (chunk) => said.push(chunk));
    child.stderr.on('data', (chunk) => said.push(chunk));
    child.on('error', (error) => resolve({ code: 1, output: String(error) }));
    child.on('close', (code, signal) => resolve({ code: code ?? 1, output: `${Buffer.concat(said)}${signal === null ? '' : `ended by ${signal}\n`}` }));
  });
}

async function timed(script) {
  const started = performance.now();
  return { script, ...(await run(script)), seconds: ((performance.now() - started) / 1000).toFixed(1) };
}

/** About as many at once as there are processors, since each of them works on one: a check begins when the one so many places before it has ended. */
const runs = [];
for (const [index, script] of CHECKS.entries()) {
  const before = Promise.resolve(runs[index - availableParallelism()]);
  runs.push(before.then(() => timed(script)));
}

const failed = [];
for (const each of runs) {
  const { script, code, output, seconds } = await each;
  process.stdout.write(`${code === 0 ? 'ok    ' : 'FAILED'} ${script} (${seconds} s)\n`);
  if (code === 0) continue;
  failed.push(script);
  process.stdout.write(`${output.trimEnd()}\n\n`);
}
if (failed.length > 0) {
  process.stdout.write(`Failed: ${failed.join(', ')}.\n`);
  process.exitCode = 1;
}
