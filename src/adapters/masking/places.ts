/** What a pipe holds on Linux (`man 7 pipe`), so that one read takes all that is there. */
export const PLACE_BYTES = 64 * 1024;

/** One is being filled and one is with the reader; the others may wait, so that the program can go on writing when whoever reads behind us is busy. */
export const PLACES = 5;

/** Places to read into, again and again. */
export const ownPlaces = (): readonly Buffer[] => Array.from({ length: PLACES }, () => Buffer.allocUnsafeSlow(PLACE_BYTES));
