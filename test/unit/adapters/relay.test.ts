import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createMask } from '../../../src/adapters/masking/mask.ts';
import { relay, type Source } from '../../../src/adapters/relay.ts';
import { Failure } from '../../../src/model/failure.ts';

const mask = () => createMask(['secret-value']);
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

describe('a relay', () => {
  it('passes everything on in its order, however slow the reader is', async () => {
    const written: string[] = [];
    const source = Readable.from(['one ', 'secret', '-value two ', 'secret-'].map((part) => Buffer.from(part)));
    const passing = relay(source, mask(), async (bytes) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      written.push(text(bytes));
      return 'written';
    });
    await passing.ended;
    expect(written.join('')).toBe('one [secret] two secret-');
  });

  it('takes no more from the source than a chunk or two while the reader does not read', async () => {
    let made = 0;
    const source = new Readable({
      highWaterMark: 1,
      read() {
        made += 1;
        this.push(Buffer.from('chunk\n'));
      },
    });
    const passing = relay(source, mask(), () => new Promise(() => undefined));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(made).toBeLessThanOrEqual(4);
    expect(passing.progress()).toBeUndefined();
    passing.stop();
    expect(source.destroyed).toBe(true);
  });

  it('closes the source where nobody reads on', async () => {
    const source = new PassThrough();
    const passing = relay(source, mask(), async () => 'closed');
    source.write('one');
    source.write('two');
    await passing.ended;
    expect(source.destroyed).toBe(true);
  });

  it('closes a source itself, which need not notice that nobody asks for more', async () => {
    const closed: string[] = [];
    const source: Source = {
      [Symbol.asyncIterator]: () => ({ next: async () => ({ done: false, value: Buffer.from('one') }) }),
      destroy: () => closed.push('source'),
    };
    await relay(source, mask(), async () => 'closed').ended;
    expect(closed).toEqual(['source']);
  });

  it('fails as its writing does, and closes the source', async () => {
    const source = new PassThrough();
    const passing = relay(source, mask(), async () => {
      throw new Failure('refused', { detail: 'The disk is full.' });
    });
    source.end('one');
    await expect(passing.ended).rejects.toMatchObject({ code: 'refused' });
    expect(source.destroyed).toBe(true);
  });

  it('ends where it is stopped, or the source breaks', async () => {
    const stopped = relay(new PassThrough(), mask(), async () => 'written');
    stopped.stop();
    await stopped.ended;
    const source = new PassThrough();
    const broken = relay(source, mask(), async () => 'written');
    source.destroy(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }));
    await broken.ended;
    expect([stopped.progress(), broken.progress()]).toEqual([0, 0]);
  });
});
