import { readdirSync, readFileSync } from 'node:fs';
import process from 'node:process';

/** A process as `ps` would show it to anybody on the machine, and its environment as it shows itself to its owner. */
export interface Seen {
  readonly arguments: string;
  readonly environment: string;
}

export interface ProcessWatch {
  /** Looks once at all processes whose environment names the folder. */
  look(): readonly Seen[];
  /** Everything seen so far. */
  readonly seen: readonly Seen[];
  stop(): Promise<void>;
}

function read(pid: string, name: 'cmdline' | 'environ'): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'latin1').replaceAll('\0', '\n');
  } catch {
    return '';
  }
}

/** Looks at the processes of a folder again and again (Linux), this one left out, until it is stopped. */
export function watchProcesses(dir: string): ProcessWatch {
  const seen = new Map<string, Seen>();
  const look = (): readonly Seen[] => {
    const now = readdirSync('/proc')
      .filter((name) => /^[0-9]+$/.test(name) && name !== String(process.pid))
      .map((pid) => ({ arguments: read(pid, 'cmdline'), environment: read(pid, 'environ') }))
      .filter(({ environment }) => environment.includes(dir));
    for (const each of now) seen.set(JSON.stringify(each), each);
    return now;
  };
  let stopped = false;
  const watching = (async () => {
    while (!stopped) {
      look();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  })();
  return {
    look,
    get seen() {
      return [...seen.values()];
    },
    stop: () => {
      stopped = true;
      return watching;
    },
  };
}
