/** Commands that ask nobody: what they ask the system for, and their time where a resolver never answers. */
import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';

import { PROGRAM } from '../../stage.mjs';
import { firstMissing } from '../keyring.mjs';
import { pairs } from '../pairs.mjs';
import { cannot, ratioRow, row } from '../row.mjs';
import { startStopwatch } from '../stopwatch.mjs';

const SECTION = 'Local commands with a resolver that never answers';

/** What two times of the same thing may differ by. */
const SAME = 1.1;

/** What starts a program or reaches for the network. */
const CALLS = 'trace=socket,connect,execve,execveat';

/** Takes every question of the namespace's programs and answers none; a line for each. */
const RESOLVER = `
import socket
listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
listener.bind(('127.0.0.1', 53))
print('listens', flush=True)
while True:
    listener.recvfrom(512)
    print('asked', flush=True)
`;

const MEANT = [
  '--version',
  '--help',
  'auth list-keys --help',
  'completion bash',
  'auth token, from a variable',
  'auth token, from the file',
  'auth status --json',
];

function commandsOf({ stored, brought }) {
  const words = [
    ['--version'],
    ['--help'],
    ['auth', 'list-keys', '--help'],
    ['completion', 'bash'],
    ['auth', 'token'],
    ['auth', 'token'],
    ['auth', 'status', '--json'],
  ];
  return words.map((each, index) => ({ name: MEANT[index], words: each, env: index === 4 ? brought : stored }));
}

export async function silentRows({ ground, size }) {
  const commands = commandsOf(ground.env);
  return [...(await traced(ground, commands)), ...(await inSilence(ground, size, commands))];
}

/** How many sockets they open and programs they start. */
async function traced(ground, commands) {
  const what = 'sockets opened and programs started, all of them together';
  if (firstMissing(['strace']) !== undefined) return [cannot(SECTION, what, 'strace is not installed', 'at most 0')];
  let calls = [];
  for (const { words, env } of commands) {
    const to = ground.at('calls.txt');
    await ground.stopwatch.run({ words: ['strace', '-f', '-qq', '-e', CALLS, '-e', 'signal=none', '-o', to, ground.node, PROGRAM, ...words], env });
    const lines = (await readFile(to, 'utf8')).split('\n').filter((line) => line !== '');
    // The first of them is Node itself.
    calls = [...calls, ...lines.slice(1)];
  }
  return [row(SECTION, what, 'count', calls.length, { most: 0, detail: calls[0] ?? commands.map(({ name }) => name).join('; ') })];
}

/** Their time in a network of their own, in which the resolver takes every question and answers none. */
async function inSilence(ground, size, commands) {
  const what = 'their time there, against their time elsewhere';
  const missing = firstMissing(['unshare', 'ip', 'mount', 'python3']);
  if (missing !== undefined) return [cannot(SECTION, what, `${missing} is not installed`)];
  const [conf, script] = [ground.at('resolv.conf'), ground.at('resolver.py')];
  await writeFile(conf, 'nameserver 127.0.0.1\noptions timeout:3 attempts:1\n');
  await writeFile(script, RESOLVER);
  const prepare = `ip link set lo up && mount --bind '${conf}' "$(readlink -f /etc/resolv.conf)" && exec "$@"`;
  const outside = spawn('unshare', ['--net', '--mount', 'sh', '-c', prepare, 'sh', 'python3', script], { stdio: ['ignore', 'pipe', 'pipe'] });
  ground.closing.push(() => outside.kill('SIGKILL'));
  let [told, complained] = ['', ''];
  outside.stderr.setEncoding('utf8').on('data', (text) => (complained += text));
  const listens = await new Promise((resolve) => {
    outside.on('close', () => resolve(false));
    outside.stdout.setEncoding('utf8').on('data', (text) => {
      told += text;
      if (told.includes('listens')) resolve(true);
    });
  });
  if (!listens) return [cannot(SECTION, what, `no network of its own could be made: ${complained.trim()}`)];
  const stopwatch = startStopwatch(ground.home, ['nsenter', '--net', '--mount', '--target', String(outside.pid)]);
  ground.closing.push(() => stopwatch.stop());
  const asked = () => told.split('asked').length - 1;
  const rows = [];
  for (const { name, words, env } of commands) {
    const there = () => stopwatch.run({ words: [ground.node, PROGRAM, ...words], env });
    const paired = await pairs(size.pairs, () => ground.ours(words, env), there);
    rows.push(ratioRow(SECTION, `${name}: there, against elsewhere`, paired, { most: SAME, budget: 'the same' }));
  }
  const queries = asked();
  // Without this the silence would prove nothing: a program that looks a name up does ask.
  const lookup = "require('node:dns').lookup('example.com', () => undefined)";
  await stopwatch.run({ words: [ground.node, '-e', lookup], env: ground.env.stored });
  await new Promise((resolve) => setTimeout(resolve, 200));
  const control = asked() - queries;
  const detail = `a program that looks one name up sent ${control}`;
  if (control === 0) return [...rows, cannot(SECTION, 'questions to the resolver', 'the resolver did not hear a program that asks')];
  return [row(SECTION, 'questions to the resolver', 'count', queries, { most: 0, detail }), ...rows];
}
