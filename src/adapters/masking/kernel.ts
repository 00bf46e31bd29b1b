import { COMPILED } from './compiled.ts';

/** The compiled part, wasm/masking.ts. All numbers are places in its memory. */
export interface Kernel {
  readonly memory: Buffer;
  readonly lookFor: (address: number, bytes: number, place: number) => unknown;
  readonly replace: (start: number, from: number, end: number, into: number) => number;
  readonly openEnd: (start: number, end: number) => number;
  readonly readTo: () => number;
  readonly writtenTo: () => number;
}

const PAGE_BYTES = 64 * 1024;

type OfNumbers = (...numbers: number[]) => number;

/** Whatever the compiled part gives out besides its memory takes numbers and gives one. */
const isOfNumbers = (found: unknown): found is OfNumbers => typeof found === 'function';

function functionOf(exports: Readonly<Record<string, unknown>>, name: string): OfNumbers {
  const found = exports[name];
  if (isOfNumbers(found)) return found;
  throw new TypeError(`The compiled part has no ${name}.`);
}

/** Makes the compiled part ready, with so many bytes of memory. Undefined where this Node cannot run it, as with --jitless. */
export function startKernel(bytes: number): Kernel | undefined {
  if (typeof WebAssembly === 'undefined') return undefined;
  const pages = Math.ceil(bytes / PAGE_BYTES);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  let exports: Readonly<Record<string, unknown>>;
  try {
    ({ exports } = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(COMPILED, 'base64')), { env: { memory } }));
  } catch {
    // A processor without the instructions for sixteen bytes at once.
    return undefined;
  }
  return {
    memory: Buffer.from(memory.buffer),
    lookFor: functionOf(exports, 'lookFor'),
    replace: functionOf(exports, 'replace'),
    openEnd: functionOf(exports, 'openEnd'),
    readTo: functionOf(exports, 'readTo'),
    writtenTo: functionOf(exports, 'writtenTo'),
  };
}
