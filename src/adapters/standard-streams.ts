import { fstatSync, type Stats, writeSync } from 'node:fs';
import { Failure } from '../model/failure.ts';
import type { StreamKind } from '../model/results.ts';

/** The descriptors that every process is started with. */
export interface StandardStreams {
  isTerminal(descriptor: 0 | 1 | 2): boolean;
  /** What an output leads to. */
  kindOf(descriptor: 1 | 2): StreamKind;
  /** Whether stdout and stderr are one and the same pipe, file or device. */
  leadToOne(): boolean;
  /**
   * Writes all of `text` before it returns. A pipe may be full for a moment (EAGAIN) or closed by its reader (EPIPE: nobody reads on, which is no failure of ours).
   * Anything else, such as a full disk, is `refused` on stdout; where stderr cannot be written nobody can be told of it.
   */
  write(descriptor: 1 | 2, text: string): 'written' | 'closed';
}

export interface StreamsWorld {
  readonly platform: NodeJS.Platform;
  /** `isatty` of node:tty, which takes as long to load as many a command takes in all: it is asked for where a device could be a terminal. */
  readonly loadIsatty: () => (descriptor: number) => boolean;
}

/** Pause before a full pipe is tried again. */
const FULL_PIPE_PAUSE_MS = 2;

/** /dev/null, /dev/zero, /dev/full and their like. Source: devices.txt of the Linux kernel, "1 char Memory devices". */
const LINUX_MEMORY_DEVICES = 1;

/** The major number of a device on Linux. Source: `gnu_dev_major` of glibc. */
const majorOf = ({ rdev }: Stats): number => Math.floor(rdev / 2 ** 8) % 2 ** 12;

function look(descriptor: number): Stats | undefined {
  try {
    return fstatSync(descriptor);
  } catch {
    return undefined;
  }
}

export function createStandardStreams({ platform, loadIsatty }: StreamsWorld): StandardStreams {
  function isTerminal(descriptor: 0 | 1 | 2): boolean {
    // What the handles of Windows are, only its own call knows.
    if (platform === 'win32') return loadIsatty()(descriptor);
    const found = look(descriptor);
    if (found === undefined || !found.isCharacterDevice()) return false;
    if (platform === 'linux' && majorOf(found) === LINUX_MEMORY_DEVICES) return false;
    return loadIsatty()(descriptor);
  }

  return {
    isTerminal,
    kindOf: (descriptor) => {
      if (isTerminal(descriptor)) return 'terminal';
      const found = look(descriptor);
      if (found === undefined) return 'other';
      return found.isFIFO() || found.isSocket() ? 'pipe' : found.isFile() ? 'file' : 'other';
    },
    leadToOne: () => {
      const [out, err] = [look(1), look(2)];
      return out !== undefined && err !== undefined && out.dev === err.dev && out.ino === err.ino;
    },
    write,
  };
}

function write(descriptor: 1 | 2, text: string): 'written' | 'closed' {
  // As a text, which leaves no bytes behind for the collector; only what does not go out at once is made bytes.
  let rest: string | Uint8Array = text;
  while (rest.length > 0) {
    try {
      if (typeof rest === 'string') {
        const written = writeSync(descriptor, rest);
        if (written === Buffer.byteLength(text, 'utf8')) return 'written';
        rest = Buffer.from(text, 'utf8').subarray(written);
      } else rest = rest.subarray(writeSync(descriptor, rest));
    } catch (thrown) {
      const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
      if (code === 'EPIPE') return 'closed';
      if (code !== 'EAGAIN') {
        if (descriptor === 2) return 'closed';
        throw new Failure('refused', {
          detail: `The output cannot be written (${String(code)}).`,
          hint: 'Make room where it goes, or send it elsewhere. What the command did is done.',
          cause: thrown,
        });
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FULL_PIPE_PAUSE_MS);
    }
  }
  return 'written';
}
