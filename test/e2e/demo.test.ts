import { readdirSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { leftBehind } from '../support/cli.ts';
import { freshCopy } from '../support/fresh-copy.ts';
import { describeWith } from '../support/requires.ts';

/** What the transcript tells, in this order. */
const STEPS = [
  /^\$ keywright backend start memax$/m,
  /^\$ keywright login memax$/m,
  /^ {4}Signed in to memax as .+ The credential is in the encrypted file\.$/m,
  /^\$ keywright whoami$/m,
  /^\$ keywright auth create-key ci-deploy /m,
  /^ {4}mxk_[0-9a-f]{4}\.\.\. \(shown whole in real life\)$/m,
  /^\$ GET \/v1\/memories .*\n {4}200$/m,
  /^\$ keywright auth list-keys$/m,
  /^\$ keywright auth revoke-key /m,
  /^ {4}revoked /m,
  /^\$ GET \/v1\/memories .*\n {4}401$/m,
  /^ {4}error\[session-ended\]/m,
  /^\$ keywright logout memax$/m,
  /^# Nothing is left/m,
];

function tokensIn(transcript: string): readonly string[] {
  return transcript.match(/mxk_[0-9a-f]{16,}|[?&](?:code|state)=[A-Za-z0-9_-]{8,}/g) ?? [];
}

describeWith(['git', 'npm'], 'npm run demo', () => {
  let dir: string;

  beforeAll(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'keywright-fresh-'));
    await chmod(dir, 0o755);
  });

  afterAll(async () => {
    const left = await leftBehind([dir], []);
    await rm(dir, { recursive: true, force: true });
    expect(left).toEqual([]);
  });

  it('shows the main job on a bare machine: no build, no environment, no display, no bus', async () => {
    const copy = await freshCopy(path.join(dir, 'bare'));
    const home = path.join(dir, 'home');
    await mkdir(home);
    const temporary = path.join(dir, 'tmp');
    await mkdir(temporary);
    const env = { PATH: process.env['PATH'] ?? '', HOME: home, TMPDIR: temporary };
    const ended = await execa('npm', ['run', 'demo'], { cwd: copy, env, extendEnv: false, reject: false, stdin: 'ignore' });
    expect(ended.exitCode, ended.stderr).toBe(0);
    let rest = ended.stdout;
    for (const step of STEPS) {
      const at = rest.search(step);
      expect({ step: String(step), found: at >= 0 }).toEqual({ step: String(step), found: true });
      rest = rest.slice(at);
    }
    expect(tokensIn(ended.stdout)).toEqual([]);
    expect(readdirSync(temporary).filter((name) => name.startsWith('keywright'))).toEqual([]);
  });
});
