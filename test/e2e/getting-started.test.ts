import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { makeStandIn, type StandIn } from '../support/browser.ts';
import { filesBelow, type Home, leftBehind, makeHome, PROGRAM, ROOT, type Running, start, until, type Variables } from '../support/cli.ts';
import { normalize } from '../support/normalize.ts';
import { describeWith } from '../support/requires.ts';

/* The commands are taken out of docs/getting-started.md and typed into one shell, and what they answer is compared with the page. */

interface Step {
  readonly typed: string;
  /** Undefined where the page shows none. */
  readonly answer: string | undefined;
}

const BACKEND = 'keywright backend start memax\n';

/** What only the one who installs types; `package.test.ts` does that. */
const INSTALLING = /npm install --global /;

/** For those who work on it; a new user needs none of it. */
const DEVELOPING = /^npm test$/;

async function stepsOf(document: string): Promise<readonly Step[]> {
  const page = await readFile(path.join(ROOT, document), 'utf8');
  const blocks = [...page.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, kind = '', text = '']) => ({ kind, text }));
  return blocks.flatMap(({ kind, text }, at) => {
    const next = blocks[at + 1];
    return kind === 'sh' ? [{ typed: text, answer: next?.kind === '' ? next.text : undefined }] : [];
  });
}

/** Without what chance, time and place make, and without the part of an address that the page leaves out. */
const plain = (text: string, home: string): string => normalize(text.replaceAll(home, '/home/you').replace(/\/oauth\/authorize\?\S+/g, '/oauth/authorize?...'));

/** The commands of the blocks, without what is said about them. */
const linesOf = (steps: readonly Step[]): readonly string[] =>
  steps.flatMap(({ typed }) => typed.split('\n').map((line) => line.replace(/\s+#.*$/, '').trim())).filter((line) => line !== '');

describeWith(['bash', 'cut'], 'docs/getting-started.md', () => {
  let home: Home;
  let standIn: StandIn;
  let env: Variables;
  let backend: Running;
  let said: string;
  let exports: string;

  beforeAll(async () => {
    home = await makeHome();
    standIn = await makeStandIn();
    const bin = path.join(home.dir, 'bin');
    await mkdir(bin);
    await symlink(PROGRAM, path.join(bin, 'keywright'));
    await symlink(process.execPath, path.join(bin, 'node'));
    env = { ...home.env, PATH: `${bin}:${home.env['PATH'] ?? ''}`, BROWSER: standIn.allow };
    const file = path.join(home.dir, 'second-terminal');
    await writeFile(file, '');
    backend = start(env, ['-c', `exec ${BACKEND.trim()} > "$0" 2>&1`, file], { through: ['bash'] });
    said = await until('the backend to listen', async () => {
      const text = await readFile(file, 'utf8');
      return text.includes('Ctrl-C') ? text : undefined;
    });
    exports = said.split('\n')[0] ?? '';
  });

  afterAll(async () => {
    backend.kill('SIGINT');
    expect((await backend.ended).code).toBe(0);
    await standIn.remove();
    const left = await leftBehind([home.dir], []);
    await home.remove();
    expect(left).toEqual([]);
  });

  it('has commands that answer as it says, and leaves nothing behind', async () => {
    const steps = (await stepsOf('docs/getting-started.md')).filter(({ typed }) => !INSTALLING.test(typed));
    expect(steps.length).toBeGreaterThan(9);
    const folder = path.join(home.dir, 'home');
    const script = steps
      .filter(({ typed }) => typed !== BACKEND)
      .map(({ typed }, at) => `{\n${typed.startsWith('export MEMAX_API_URL=') ? exports : typed}\n} > ../answer-${at} 2>&1`)
      .join('\n');
    const ended = await execa('bash', ['-euo', 'pipefail', '-c', script], { env, extendEnv: false, reject: false, cwd: folder, stdin: 'ignore' });
    const answers = await Promise.all(
      steps.filter(({ typed }) => typed !== BACKEND).map((_step, at) => readFile(path.join(home.dir, `answer-${at}`), 'utf8').catch(() => 'never reached')),
    );
    let next = 0;
    const seen = steps.map(({ typed }) => ({ typed, answer: plain(typed === BACKEND ? said : (answers[next++] ?? ''), folder) }));
    expect(seen).toEqual(steps.map(({ typed, answer }) => ({ typed, answer: plain(answer ?? '', folder) })));
    expect(ended.exitCode).toBe(0);
    expect(filesBelow(folder)).toEqual([]);
  });

  it('has every command of the README in it', async () => {
    const known = linesOf(await stepsOf('docs/getting-started.md'));
    const shown = linesOf(await stepsOf('README.md'));
    expect(shown.length).toBeGreaterThan(2);
    expect(shown.filter((line) => !known.includes(line) && !DEVELOPING.test(line))).toEqual([]);
  });
});

describe('README.md', () => {
  it('is short', async () => {
    expect((await readFile(path.join(ROOT, 'README.md'), 'utf8')).split('\n').length).toBeLessThan(150);
  });
});
