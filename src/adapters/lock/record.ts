import { readFileSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { systemCode } from '../system-code.ts';

/** Who holds a lock or a claim, as its file says. */
export interface LockRecord {
  /** Names one contender for all time, and its socket. */
  readonly nonce: string;
  /** The kernel's id of this boot; empty where the system has none to read. */
  readonly boot: string;
  /** The host's name and machine id. */
  readonly host: string;
  /** False for a file that holds no record. A name appears with its content, so only a crash of the machine leaves one. */
  readonly whole: boolean;
}

/** What tells this machine, and this boot of it, from others that see the same folder. */
export interface Machine {
  readonly boot: string;
  readonly host: string;
}

export function thisMachine(): Machine {
  const boot = firstLine('/proc/sys/kernel/random/boot_id');
  return { boot, host: `${hostname()} ${firstLine('/etc/machine-id')}`.trim() };
}

export function recordText(nonce: string, machine: Machine): string {
  return `${JSON.stringify({ nonce, boot: machine.boot, host: machine.host })}\n`;
}

/** The record in the file at `path`; undefined where there is no such file. */
export function readRecord(path: string): LockRecord | undefined {
  try {
    return parse(readFileSync(path, 'utf8')) ?? tornRecord(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function parse(text: string): LockRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { nonce, boot, host } = { nonce: undefined, boot: undefined, host: undefined, ...value };
  // The nonce becomes a part of file names.
  if (typeof nonce !== 'string' || !/^[A-Za-z0-9_-]{8,40}$/.test(nonce)) return undefined;
  if (typeof boot !== 'string' || typeof host !== 'string') return undefined;
  return { nonce, boot, host, whole: true };
}

/** A file without a record gets a name of its own from what the file system knows of it, so that it can be taken over once. */
function tornRecord(path: string): LockRecord {
  const { ino, mtimeMs } = statSync(path);
  return { nonce: `torn-${ino}-${Math.trunc(mtimeMs)}`, boot: '', host: '', whole: false };
}

function firstLine(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}
