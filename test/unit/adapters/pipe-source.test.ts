import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { pipeSource } from '../../../src/adapters/pipe-source.ts';
import { describeWith } from '../../support/requires.ts';

const PIPE_BYTES = 64 * 1024;

describeWith(['mkfifo'], 'the source of a pipe', () => {
  let folder: string;
  let read: number;
  let write: number;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'keywright-test-'));
    const name = path.join(folder, 'pipe');
    execFileSync('mkfifo', [name]);
    read = openSync(name, constants.O_RDONLY | constants.O_NONBLOCK);
    write = openSync(name, constants.O_WRONLY | constants.O_NONBLOCK);
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  /** Writes what fits at once, and tells how much that was. */
  function fill(bytes: Buffer): number {
    try {
      return writeSync(write, bytes);
    } catch {
      return 0;
    }
  }

  const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 10));

  it('gives all that was written in its order, also where its places are used again', async () => {
    const sent = createHash('sha256');
    const came = createHash('sha256');
    const source = pipeSource(read);
    const reading = (async () => {
      for await (const chunk of source) {
        if (!Buffer.isBuffer(chunk)) throw new Error('no bytes');
        // Time for the writer to fill every other place; what arrives must leave this chunk alone.
        await turn();
        came.update(chunk);
      }
    })();
    for (let part = 0; part < 60; part += 1) {
      const bytes = Buffer.alloc(part % 3 === 0 ? 100 : PIPE_BYTES, `part ${part} `);
      for (let rest = bytes; rest.length > 0;) {
        const taken = fill(rest);
        sent.update(rest.subarray(0, taken));
        rest = rest.subarray(taken);
        if (rest.length > 0) await new Promise((resolve) => setImmediate(resolve));
      }
    }
    closeSync(write);
    await reading;
    expect(came.digest('hex')).toBe(sent.digest('hex'));
  });

  it('leaves in the pipe what nobody asks for', async () => {
    const source = pipeSource(read);
    let taken = 0;
    for (let time = 0; time < 30; time += 1) {
      taken += fill(Buffer.alloc(PIPE_BYTES));
      await turn();
    }
    expect(taken).toBeLessThanOrEqual(6 * PIPE_BYTES);
    source.destroy();
    closeSync(write);
  });

  it('ends whoever waits when it is closed, and so the writer meets a closed pipe', async () => {
    const source = pipeSource(read);
    const waiting = source[Symbol.asyncIterator]().next();
    await turn();
    source.destroy();
    expect(await waiting).toEqual({ done: true, value: undefined });
    await turn();
    expect(() => writeSync(write, 'more')).toThrow(/EPIPE/);
    closeSync(write);
  });
});
