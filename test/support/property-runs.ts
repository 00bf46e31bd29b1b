import process from 'node:process';

import type * as fc from 'fast-check';

/**
 * How many files a property is tried on: few enough for the daily run, and as many as `KEYWRIGHT_PROPERTY_RUNS` says for a long one
 * (together with `--testTimeout=0`). A failure shows the first file on which it happened, with the seed that makes it again: the
 * files are small, and to look for the smallest takes minutes.
 */
export function propertyRuns(usual: number): fc.Parameters<unknown> {
  const wanted = Number(process.env['KEYWRIGHT_PROPERTY_RUNS'] ?? usual);
  return { numRuns: Number.isSafeInteger(wanted) && wanted > 0 ? wanted : usual, endOnFailure: true };
}
