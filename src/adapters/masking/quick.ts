import { ESCAPE, isOfColour, readableEnd, upTo } from './colours.ts';
import type { Kernel } from './kernel.ts';
import { matchAround, type Needle, rarestIn } from './needle.ts';
import { openEnd } from './open-end.ts';
import { PLACE_BYTES, PLACES } from './places.ts';
import type { Passed } from './plain.ts';
import { putMatch, SHOWN_BYTES } from './replace.ts';

/** Works on texts in the memory of the compiled part. */
export interface Quick {
  /** Where chunks are best read into: from there they need not be copied. */
  readonly places: readonly Buffer[];
  /** What was held and what came, as one text in the memory; undefined where it is too long for that. */
  take(held: Buffer, chunk: Buffer): Buffer | undefined;
  /** Replaces the secret in bytes that were taken. More is to follow upon them. */
  pass(bytes: Buffer): Passed;
}

/** Before each place: so much may be held of the text before it. It is room for the secret too. */
const ROOM_BYTES = 4096;
const SLOT_BYTES = ROOM_BYTES + PLACE_BYTES;

/** The compiled part reads and writes in pieces of 32 bytes, the last of which may reach beyond what it is about. */
const SPARE_BYTES = 32;

/** The memory begins with the secret; then come a slot for the result, one for chunks from elsewhere, and the places. */
const RESULT_AT = ROOM_BYTES;
const SLOTS_AT = RESULT_AT + SLOT_BYTES + SPARE_BYTES;
const placeAt = (index: number): number => SLOTS_AT + index * SLOT_BYTES + ROOM_BYTES;
const MEMORY_BYTES = placeAt(PLACES + 1) + SPARE_BYTES;

/** Which byte of the secret and the next are looked for by the compiled part; -1 where it cannot look for this secret. */
function pairIn(secret: Buffer): number {
  // A shorter one could make the result longer than the text.
  if (secret.length < SHOWN_BYTES || secret.length > ROOM_BYTES - SPARE_BYTES || secret.includes(ESCAPE)) return -1;
  return rarestIn(secret, (byte, at) => at + 1 < secret.length && !isOfColour(byte));
}

/**
 * Looks for one secret with the compiled part, and decides here what that leaves open: whether colours stand within a secret, and what
 * may be the beginning of one. Undefined where there is no compiled part, or more than one secret, or one that it cannot look for.
 */
export function quickPassing(needles: readonly Needle[], mostHeld: number, start: (bytes: number) => Kernel | undefined): Quick | undefined {
  const [needle, ...others] = needles;
  if (needle === undefined || others.length > 0) return undefined;
  const secret = needle.bytes;
  const before = pairIn(secret);
  const kernel = before === -1 ? undefined : start(MEMORY_BYTES);
  if (kernel === undefined) return undefined;
  const { memory } = kernel;
  memory.set(secret);
  kernel.lookFor(0, secret.length, before);

  /** Writes the text up to its last secret into the result; gives up to where of the text that was, and where of the memory the result ends. */
  const replace = (text: Buffer): { readonly read: number; readonly written: number } => {
    const base = text.byteOffset;
    const end = base + text.length;
    let read = base;
    let written = RESULT_AT;
    let next = base + before;
    for (;;) {
      const asked = kernel.replace(read, next, end, written);
      read = kernel.readTo();
      written = kernel.writtenTo();
      if (asked >= end) return { read: read - base, written };
      const match = matchAround(text, secret, before, asked - base, read - base);
      next = asked + 1;
      if (match === undefined) continue;
      written = putMatch(memory, written, text, read - base, match);
      read = base + match.end;
      next = read + before;
    }
  };

  return {
    places: Array.from({ length: PLACES }, (_none, index) => memory.subarray(placeAt(index + 1), placeAt(index + 1) + PLACE_BYTES)),
    take: (held, chunk) => {
      if (held.length > ROOM_BYTES || chunk.length > PLACE_BYTES) return undefined;
      const isInside = chunk.buffer === memory.buffer;
      if (isInside && held.length === 0) return chunk;
      const at = isInside ? chunk.byteOffset : placeAt(0);
      if (!isInside) memory.set(chunk, at);
      memory.set(held, at - held.length);
      return memory.subarray(at - held.length, at + chunk.length);
    },
    pass: (bytes) => {
      const base = bytes.byteOffset;
      const open = kernel.openEnd(base, base + bytes.length);
      const text = open === 0 ? upTo(bytes, readableEnd(bytes)) : bytes;
      const { read, written } = replace(text);
      const isOpen = open !== 0 && open >= base + read;
      const end = isOpen ? open - base : openEnd(text, read, needles, secret.length, mostHeld);
      if (written === RESULT_AT) return { shown: undefined, end };
      memory.copyWithin(written, base + read, base + end);
      return { shown: memory.subarray(RESULT_AT, written + end - read), end };
    },
  };
}
