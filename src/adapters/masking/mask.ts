import { readableEnd, upTo } from './colours.ts';
import { startKernel } from './kernel.ts';
import { needleOf } from './needle.ts';
import { ownPlaces } from './places.ts';
import { type Passed, plainPassing } from './plain.ts';
import { quickPassing } from './quick.ts';

/** Takes secrets out of a stream of bytes, chunk by chunk. */
export interface Mask {
  /**
   * What of the stream can be passed on by now. A chunk in which nothing is found comes out as it is, not as a copy. What comes out is
   * good until the next call.
   */
  pass(chunk: Buffer): readonly Buffer[];
  /** What was still held back when the stream ended. */
  end(): readonly Buffer[];
  /** Where chunks are best read into, which need not be. They are used in turn, and belong to one stream. */
  places(): readonly Buffer[];
}

const NOTHING = Buffer.alloc(0);

/**
 * The most that is held back. A secret with so many colours in it that it is longer is not recognised; without a limit a stream of
 * colours alone would fill the memory.
 */
const MOST_HELD = 64 * 1024;

/**
 * Replaces each of `secrets` by `[secret]`, also where it is cut by the end of a chunk and where colour sequences stand between its
 * characters; these follow the replacement, so that the colours after it are right. Nothing else changes, whatever the bytes are.
 * Held back is only what may be the beginning of a secret or of a colour sequence. Other forms of a secret, such as base64, are not known.
 *
 * One secret of a usual form is looked for by a compiled part, which `start` gives. Where there is none, all of it is done here, with the
 * same result.
 */
export function createMask(secrets: readonly string[], start = startKernel): Mask {
  const needles = secrets.filter((secret) => secret !== '').map(needleOf);
  const plain = plainPassing(needles, MOST_HELD);
  const quick = quickPassing(needles, MOST_HELD, start);
  let held: Buffer = NOTHING;
  let joined: Buffer = NOTHING;

  /** What was held and what came, in a place that is used again. */
  const join = (chunk: Buffer): Buffer => {
    const length = held.length + chunk.length;
    if (joined.length < length) joined = Buffer.allocUnsafeSlow(length);
    joined.set(held);
    joined.set(chunk, held.length);
    return joined.subarray(0, length);
  };

  const give = (bytes: Buffer, { shown, end }: Passed): readonly Buffer[] => {
    held = end === bytes.length ? NOTHING : Buffer.from(bytes.subarray(end));
    return end === 0 ? [] : [shown ?? upTo(bytes, end)];
  };

  return {
    pass: (chunk) => {
      const taken = quick?.take(held, chunk);
      // What comes out as it is, is the chunk itself.
      const bytes = held.length === 0 ? chunk : (taken ?? join(chunk));
      if (quick !== undefined && taken !== undefined) return give(bytes, quick.pass(taken));
      return give(bytes, plain(upTo(bytes, readableEnd(bytes)), false));
    },
    end: () => give(held, plain(held, true)),
    places: () => quick?.places ?? ownPlaces(),
  };
}
