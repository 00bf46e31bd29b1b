import process from 'node:process';
import { bundleProgram } from './keychain-world.ts';

/** A stand-in for a browser. Each member is a value for `BROWSER`. */
export interface StandIn {
  /** Goes through the pages and allows. */
  readonly allow: string;
  /** Goes through the pages and declines. */
  readonly deny: string;
  /** Opens nothing and writes the address into a file: the test goes on from there. */
  readonly handOver: (file: string) => string;
  /** Writes its own argv and environment into a file as JSON, then allows. */
  readonly tell: (file: string) => string;
  remove(): Promise<void>;
}

export async function makeStandIn(): Promise<StandIn> {
  const { file, remove } = await bundleProgram('test/support/browser-program.ts');
  const program = `${process.execPath} ${file}`;
  return {
    allow: `${program} allow`,
    deny: `${program} deny`,
    handOver: (to) => `${program} hand-over ${to}`,
    tell: (to) => `${program} tell ${to}`,
    remove,
  };
}
