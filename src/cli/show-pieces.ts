import { FAILURES, Failure } from '../model/failure.ts';
import { failureText } from '../render/failure.ts';
import type { Streams } from './streams.ts';

/**
 * Writes a result that comes in pieces, for as long as somebody reads them. What is told beside it comes after the last one.
 * Gives why it broke off; a failure before the first piece is thrown, since nothing of a result was printed.
 */
export async function showPieces(
  pieces: AsyncIterable<string>,
  streams: Pick<Streams, 'stdout'>,
  understand: (thrown: unknown) => Failure,
): Promise<Failure | undefined> {
  let last: string | undefined;
  try {
    for await (const piece of pieces) {
      if (streams.stdout(piece) === 'closed') return undefined;
      last = piece;
    }
    return undefined;
  } catch (thrown) {
    if (last === undefined) throw thrown;
    // An array that broke off stays open, since closing it would make it look whole; only its line is ended.
    if (!last.endsWith('\n')) streams.stdout('\n');
    return understand(thrown);
  }
}

/** Tells that a result is not whole: always as text on stderr, since stdout holds a part of something else by then. Gives the exit code. */
export async function tellBroken(failure: Failure, streams: Pick<Streams, 'failure'>): Promise<number> {
  const { code, detail, hint } = failure;
  const told = new Failure(code, { detail: `${detail} What was printed is not the whole result.`, ...(hint === undefined ? {} : { hint }), cause: failure });
  await streams.failure(failureText(told));
  return FAILURES[code].exit;
}
