import { closeSync, constants, fstatSync, openSync, readFileSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Binding, BindingFile } from '../model/binding.ts';
import { Failure } from '../model/failure.ts';
import { isAccountName, isProjectId, isProviderId } from '../model/names.ts';
import { BINDING_FILE, type CurrentFolder, foldersToLookIn, isThere } from './project-folders.ts';
import { systemCode } from './system-code.ts';

/*
 * A folder that somebody cloned or unpacked can bring a binding along, so the file is read with suspicion: it names things
 * and never carries one, it must be ours alone to write, and where it leads elsewhere than the person's own choice the
 * commands ask (see flows/binding-trust.ts).
 */

/** Far more than two names need; a larger file is something else. */
const MAX_BYTES = 16 * 1024;

const WRITABLE_BY_OTHERS = 0o022;

/** A name that is to be committed is readable for all who can read the repository. */
const MODE = 0o644;

export interface BindingWorld extends CurrentFolder {
  /** The user that a file must belong to; undefined on systems without such numbers (Windows), where owner and mode are not asked. */
  readonly uid: number | undefined;
  readonly warn: (line: string) => void;
}

type Read = { readonly kind: 'binding'; readonly binding: Binding } | { readonly kind: 'absent' } | { readonly kind: 'ignored'; readonly why: string };

/** The directory binding of the current folder; what it promises stands at `BindingFile`. */
export function createBindingFile(world: BindingWorld): BindingFile {
  const warned = new Set<string>();

  function own(): string {
    if (world.cwd !== undefined) return join(world.cwd, BINDING_FILE);
    throw new Failure('refused', { detail: 'The current folder is not there any more.', hint: 'Change to a folder that exists.' });
  }

  return {
    find: async () => {
      for (const folder of foldersToLookIn(world)) {
        const path = join(folder, BINDING_FILE);
        const read = await readBinding(path, world.uid);
        if (read.kind === 'binding') return read.binding;
        if (read.kind === 'absent') continue;
        // The nearest file is the one that was meant. Going on to the next would bind to something that nobody asked for here.
        if (!warned.has(path)) world.warn(`The directory binding ${shown(path)} is ignored: ${read.why}.`);
        warned.add(path);
        return undefined;
      }
      return undefined;
    },
    write: async ({ provider, account, project }) => {
      const path = own();
      if (foldersToLookIn(world).length === 0) {
        throw new Failure('refused', {
          detail: `A binding in ${path} would not count: the folder lies above your home folder.`,
          hint: 'Bind a folder below your home folder, or choose for the whole machine: keywright use <provider>',
        });
      }
      const names = { ...(account === null ? {} : { account }), ...(project === null ? {} : { project }), ...(provider === null ? {} : { provider }) };
      const text = `${JSON.stringify(names, null, 2)}\n`;
      try {
        const { writeFileAtomically } = await import('./atomic-file.ts');
        await writeFileAtomically(path, text, { mode: MODE });
      } catch (error) {
        throw notWritten(path, error);
      }
      // Some file systems make every file writable for everybody, whatever they are told.
      const read = await readBinding(path, world.uid);
      if (read.kind === 'binding') return read.binding;
      throw new Failure('refused', { detail: `${path} was written, but it does not count: ${read.kind === 'ignored' ? read.why : 'it is gone again'}.` });
    },
    remove: async () => {
      const path = own();
      try {
        unlinkSync(path);
        return { kind: 'removed', path };
      } catch (error) {
        if (systemCode(error) === 'ENOENT') return { kind: 'absent', path };
        throw notWritten(path, error);
      }
    },
  };
}

/** A path for a warning, without characters that could do something to a terminal. */
function shown(path: string): string {
  return path.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?');
}

async function readBinding(path: string, uid: number | undefined): Promise<Read> {
  let file: number;
  try {
    // No link is followed, and opening a pipe does not wait for a writer. What was opened is what is looked at and read.
    file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'absent' };
    if (code === 'ELOOP' || code === 'EMLINK' || code === 'ENXIO') return { kind: 'ignored', why: 'it is not a regular file' };
    // A folder that cannot be entered holds nothing for us; a file in it that cannot be read is worth a word.
    return isThere(path) ? { kind: 'ignored', why: `it cannot be read (${code ?? 'unknown'})` } : { kind: 'absent' };
  }
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) return { kind: 'ignored', why: 'it is not a regular file' };
    if (uid !== undefined && stat.uid !== uid) return { kind: 'ignored', why: 'it belongs to another user' };
    if (uid !== undefined && (stat.mode & WRITABLE_BY_OTHERS) !== 0)
      return { kind: 'ignored', why: 'others may write to it (chmod go-w makes it yours alone)' };
    if (stat.size > MAX_BYTES) return { kind: 'ignored', why: `it has more than ${MAX_BYTES} bytes` };
    return await parse(path, readFileSync(file));
  } catch (error) {
    return { kind: 'ignored', why: `it cannot be read (${systemCode(error) ?? 'unknown'})` };
  } finally {
    closeSync(file);
  }
}

async function parse(path: string, content: Buffer): Promise<Read> {
  let value: unknown;
  try {
    value = JSON.parse(content.toString('utf8'));
  } catch {
    return { kind: 'ignored', why: 'it is not JSON' };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { kind: 'ignored', why: 'it is not a JSON object' };
  const provider = nameIn(value, 'provider', isProviderId);
  const account = nameIn(value, 'account', isAccountName);
  const project = nameIn(value, 'project', isProjectId);
  // What stands there is not quoted: it may be anything.
  if (provider === undefined) return { kind: 'ignored', why: 'its provider is not the id of a provider' };
  if (account === undefined) return { kind: 'ignored', why: 'its account is not the name of an account' };
  if (project === undefined) return { kind: 'ignored', why: 'its project is not the id of a project' };
  if (provider === null && account === null && project === null) return { kind: 'ignored', why: 'it names no provider, no account and no project' };
  return { kind: 'binding', binding: { path, provider, account, project, hash: await hashOf(content) } };
}

/** The name in a field; null where the field is missing, undefined where it holds anything else. */
function nameIn(fields: object, field: string, fits: (name: string) => boolean): string | null | undefined {
  const value: unknown = Object.getOwnPropertyDescriptor(fields, field)?.value;
  if (value === undefined) return null;
  return typeof value === 'string' && fits(value) ? value : undefined;
}

async function hashOf(content: Buffer): Promise<string> {
  const { createHash } = await import('node:crypto');
  return createHash('sha256').update(content).digest('hex');
}

function notWritten(path: string, error: unknown): unknown {
  const code = systemCode(error);
  if (code === undefined) return error;
  return new Failure('refused', {
    detail: `The directory binding ${path} cannot be written (${code}).`,
    hint: 'The folder must be writable for you.',
    cause: error,
  });
}
