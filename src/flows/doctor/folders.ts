import type { PathFacts, SystemFacts } from '../../model/system.ts';
import { plainText } from '../../render/plain-text.ts';
import { type CheckDeps, type Finding, type FindingCode, ok, problem, warning } from './finding.ts';

const OPEN_TO_OTHERS = 0o077;
const WRITABLE_BY_OTHERS = 0o022;

interface Wanted {
  readonly code: FindingCode;
  /** Such as "The folder of locks". */
  readonly name: string;
  readonly kind: 'folder' | 'file';
  /** Permission bits that nobody else may have. */
  readonly closed: number;
}

const octal = (mode: number): string => mode.toString(8).padStart(3, '0');

/** What is wrong with what lies at a path, as a problem; undefined where nothing is. */
function trouble({ code, name, kind, closed }: Wanted, path: string, facts: Exclude<PathFacts, { kind: 'absent' }>): Finding | undefined {
  const shown = plainText(path, 400);
  const here = `${name} ${shown}`;
  if (facts.kind === 'unreadable') return problem(code, `${here} cannot be looked at (${facts.why}).`, 'Check the permissions of the folders above it.');
  if (facts.kind === 'link') return problem(code, `${here} is a link.`, `Put the ${kind} itself there.`);
  if (facts.kind !== kind) return problem(code, `${here} is not a ${kind}.`, 'Move it away; keywright makes what it needs.');
  if (facts.owner === 'of-somebody-else') return problem(code, `${here} belongs to another user.`, 'Remove it, or use a home folder of your own.');
  if (facts.mode === null || (facts.mode & closed) === 0) return undefined;
  return problem(code, `${here} is open to other users (mode ${octal(facts.mode)}).`, `Close it: chmod ${kind === 'folder' ? '700' : '600'} ${shown}`);
}

async function checkPlace(wanted: Wanted, path: string, system: SystemFacts, ifAbsent: string | null): Promise<readonly Finding[]> {
  const facts = await system.look(path);
  if (facts.kind === 'absent') return ifAbsent === null ? [] : [ok(wanted.code, `${wanted.name} ${plainText(path, 400)} ${ifAbsent}.`)];
  return [trouble(wanted, path, facts) ?? ok(wanted.code, `${wanted.name} ${plainText(path, 400)} is yours alone.`)];
}

const MADE_LATER = 'is not there yet; it is made when it is needed';

/** The folders of locks and of the refresh journal: whoever can write there could pose as a holder, so that commands refuse them too. */
async function checkPrivate(code: FindingCode, name: string, path: string | null, system: SystemFacts): Promise<readonly Finding[]> {
  if (path === null)
    return [
      problem(
        code,
        `${name} has no place, since the password database knows no home folder for you.`,
        'Run as a user with a home folder, or use an API key from a variable.',
      ),
    ];
  return checkPlace({ code, name, kind: 'folder', closed: OPEN_TO_OTHERS }, path, system, MADE_LATER);
}

/** The state folder holds no secret, but names and addresses; that others can read it is worth a word, that they can write it a problem. */
async function checkState(system: SystemFacts): Promise<readonly Finding[]> {
  const { state } = system.places;
  const wanted = { code: 'state-folder', name: 'The state folder', kind: 'folder', closed: WRITABLE_BY_OTHERS } as const;
  const facts = await system.look(state);
  if (
    facts.kind === 'folder' &&
    facts.mode !== null &&
    facts.owner === 'ours' &&
    (facts.mode & OPEN_TO_OTHERS) !== 0 &&
    (facts.mode & WRITABLE_BY_OTHERS) === 0
  ) {
    const shown = plainText(state, 400);
    return [
      warning(
        'state-folder',
        `The state folder ${shown} can be read by other users (mode ${octal(facts.mode)}): it says where you are signed in.`,
        `Close it: chmod 700 ${shown}`,
      ),
    ];
  }
  return checkPlace(wanted, state, system, MADE_LATER);
}

/** The folders and files that commands rely on, by what lies there now. Nothing is made or changed. */
export async function checkFolders({ system }: Pick<CheckDeps, 'system'>): Promise<readonly Finding[]> {
  const { path, notesPath, keyPath } = await system.fileStore();
  const file = { kind: 'file', closed: OPEN_TO_OTHERS } as const;
  const found = await Promise.all([
    checkPrivate('lock-folder', 'The folder of locks', system.places.locks, system),
    checkPrivate('journal-folder', 'The folder of the refresh journal', system.places.journals, system),
    checkState(system),
    checkPlace({ code: 'credential-file', name: 'The encrypted file', ...file }, path, system, null),
    checkPlace({ code: 'credential-file', name: 'The encrypted file', ...file }, notesPath, system, null),
    checkPlace({ code: 'key-file', name: 'The key file', ...file }, keyPath, system, null),
  ]);
  return found.flat();
}
