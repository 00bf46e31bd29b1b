import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { onTestFinished } from 'vitest';
import { createChildren } from '../../src/adapters/children.ts';
import { createClock } from '../../src/adapters/clock.ts';
import { createKeyFiles } from '../../src/adapters/key-files.ts';
import { createResults } from '../../src/adapters/results.ts';
import { createSystemFacts } from '../../src/adapters/system.ts';
import type { DeliverDeps, Delivery } from '../../src/flows/deliver/sink.ts';
import type { CreatedKey } from '../../src/model/api-key.ts';
import { Failure } from '../../src/model/failure.ts';
import type { StreamKind } from '../../src/model/results.ts';
import { Secret } from '../../src/model/secret.ts';
import { PROVIDERS, providerAmong } from '../../src/providers/registry.ts';
import { PROGRAM } from './cli.ts';

/** A key as the provider makes it: long enough to be told from any other text. */
export const KEY = `mxk_${'5ec7e7'.repeat(10)}0123`;

const created: CreatedKey = {
  id: 'key_1',
  name: 'ci',
  prefix: 'mxk_5ec7',
  scopes: ['read'],
  agent: null,
  hubs: [],
  trust: null,
  createdAt: '2026-11-22T12:00:00.000Z',
  expiresAt: '2027-02-20T12:00:00.000Z',
  lastUsedAt: null,
  key: new Secret(KEY),
};

export const DELIVERY: Delivery = { key: created, provider: providerAmong('memax', PROVIDERS) };

interface SinkWishes {
  /** What the command itself sees. */
  readonly env?: Readonly<Record<string, string>>;
  /** What its children see beside PATH and HOME. */
  readonly childEnv?: Readonly<Record<string, string>>;
  /** In place of the system's programs; stand-ins come before them. */
  readonly path?: string;
  readonly stdoutIs?: StreamKind;
  readonly stderrIs?: StreamKind;
  readonly platform?: string;
  /** What becomes of what is written. */
  readonly answers?: 'written' | 'closed' | 'full';
}

export interface SinkWorld {
  readonly deps: DeliverDeps;
  /** The current folder. */
  readonly cwd: string;
  readonly at: (...names: readonly string[]) => string;
  /** Puts a stand-in for a program on PATH, and gives its path. */
  readonly program: (name: string, script: string) => string;
  readonly written: Record<1 | 2, string>;
  readonly interrupt: () => void;
}

/** Real files and real children, in a folder of their own. */
export function sinkWorld(wishes: SinkWishes = {}): SinkWorld {
  const dir = realpathSync(mkdtempSync(path.join(tmpdir(), 'keywright-sinks-')));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const [cwd, bin] = [path.join(dir, 'cwd'), path.join(dir, 'bin')];
  for (const folder of [cwd, bin]) mkdirSync(folder);
  const interrupt = new AbortController();
  const written = { 1: '', 2: '' };
  const write = (descriptor: 1 | 2, text: string): 'written' | 'closed' => {
    if (wishes.answers === 'full') throw new Failure('refused', { detail: 'The output cannot be written (ENOSPC).' });
    if (wishes.answers === 'closed') return 'closed';
    written[descriptor] += text;
    return 'written';
  };
  const env = wishes.env ?? {};
  const platform = wishes.platform ?? 'linux';
  const uid = process.getuid?.();
  return {
    deps: {
      env,
      results: createResults({ stdoutIs: wishes.stdoutIs ?? 'pipe', stderrIs: wishes.stderrIs ?? 'pipe', write }),
      children: createChildren({
        childEnv: { PATH: [bin, wishes.path ?? process.env['PATH'] ?? ''].join(path.delimiter), HOME: dir, ...wishes.childEnv },
        interrupted: interrupt.signal,
      }),
      keyFiles: createKeyFiles({ cwd, uid }),
      system: {
        nodeVersion: process.versions.node,
        platform,
        program: async () => ({
          node: process.execPath,
          script: PROGRAM,
          uid: uid ?? null,
          folders: { state: dir, data: dir },
          usualFolders: { state: dir, data: dir },
        }),
        places: { state: dir, locks: null, journals: null, home: dir },
        ...createSystemFacts({ env, clock: createClock(), platform, uid, cwd, home: dir, dataDir: dir }),
      },
      interrupted: interrupt.signal,
    },
    cwd,
    at: (...names) => path.join(cwd, ...names),
    program: (name, script) => {
      const file = path.join(bin, name);
      writeFileSync(file, `#!/bin/sh\n${script}\n`);
      chmodSync(file, 0o755);
      return file;
    },
    written,
    interrupt: () => interrupt.abort(new Failure('cancelled', { detail: 'The command was interrupted.' })),
  };
}
