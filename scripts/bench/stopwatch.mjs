/** A stopwatch beside the programs that it measures: see stopwatch.py. One program runs at a time. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('stopwatch.py', import.meta.url));

/** Starts one, whose programs run in `folder`. `through` are words before it, such as those of a namespace to be in. */
export function startStopwatch(folder, through = []) {
  const [file, ...words] = [...through, 'python3', '-u', PROGRAM];
  const child = spawn(file, words, { cwd: folder, stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting = [];
  let over;
  const fail = (error) => {
    over ??= error;
    waiting.splice(0).forEach(({ reject }) => reject(over));
  };
  child.on('error', fail);
  child.on('exit', () => fail(new Error('the stopwatch has ended; it needs python3 on PATH')));
  child.stdin.on('error', fail);
  createInterface({ input: child.stdout }).on('line', (line) => waiting.shift()?.resolve(JSON.parse(line)));
  const said = path.join(folder, `said-${child.pid}.txt`);

  /** Runs a program to its end: `{ ms, cpuMs, rssMb }`. Throws where it does not end with `code`, 0 unless told. */
  async function run({ words: ofProgram, env, stdin, stdout, code = 0 }) {
    const measured = await new Promise((resolve, reject) => {
      if (over !== undefined) throw over;
      waiting.push({ resolve, reject });
      child.stdin.write(`${JSON.stringify({ words: ofProgram, env, stdin, stdout, stderr: said })}\n`);
    });
    if (measured.code !== code) throw new Error(`${ofProgram.join(' ')} ended with ${measured.code}: ${readFileSync(said, 'utf8')}`);
    return measured;
  }

  return { run, stop: () => child.stdin.end() };
}
