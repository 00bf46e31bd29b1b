import type { Ending, Performed, Screen } from '../commands/command.ts';
import type { Deps } from '../model/deps.ts';
import { FAILURES, Failure, isFailure } from '../model/failure.ts';
import { failureJson, failureText } from '../render/failure.ts';
import { jsonText } from '../render/json.ts';
import { plainText } from '../render/plain-text.ts';
import { lookUp } from './command-table.ts';
import type { CommonFlags } from './common-flags.ts';
import { beforeDashes } from './dashes.ts';
import { readQuickly } from './quick-reader.ts';
import type { Streams } from './streams.ts';

export interface Shell {
  readonly streams: Streams;
  /** Builds the world for one command; what it costs is paid when it is used. */
  readonly deps: (common: CommonFlags) => Deps | Promise<Deps>;
  /** Is told the signal that the process shall end by, once all is done; the exit code stands for it where it cannot. */
  readonly dieOf: (signal: string) => void;
  readonly now: () => number;
}

/** Anything thrown that is not a `Failure` is our fault. Its message may hold anything, so only its kind and place are told. */
function asFailure(thrown: unknown): Failure {
  if (isFailure(thrown)) return thrown;
  const kind = thrown instanceof Error ? thrown.name : typeof thrown;
  const at = thrown instanceof Error ? (/\n\s+at ([^\n(]+)/.exec(thrown.stack ?? '')?.[1] ?? '').trim() : '';
  return new Failure('bug', {
    detail: `An unforeseen ${plainText(kind, 60)}${at === '' ? '' : ` in ${plainText(at, 80)}`}.`,
    hint: 'Please report it with the command that you ran, without its secrets. With --debug more is told.',
    cause: thrown,
  });
}

/** Where it happened, without the message before it, which may have any number of lines. */
function stackLines(error: Error): string {
  return (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');
}

async function tell(failure: Failure, json: boolean, streams: Streams): Promise<number> {
  try {
    const told = json && streams.stdout(`${jsonText(failureJson(failure), streams.stdoutIsTerminal)}\n`) !== 'closed';
    // What happened to a new key, for one, must be told to somebody.
    if (!told) await streams.failure(failureText(failure));
  } catch (thrown) {
    // Where stdout takes nothing, stderr is all that is left: for what happened, and for why it could not be told there.
    const { detail } = asFailure(thrown);
    const { hint } = failure;
    const both = new Failure(failure.code, { detail: `${failure.detail} ${detail}`, ...(hint === undefined ? {} : { hint }) });
    await streams.failure(failureText(failure.detail.includes(detail) ? failure : both));
  }
  return FAILURES[failure.code].exit;
}

const notesText = (performed: Performed, screen: Screen): string =>
  performed
    .notes(screen)
    .map((line) => `${line}\n`)
    .join('');

/** Shows the result. What is told beside it may be all that is left of one that cannot be written, such as the id of a new key. */
function showResult(text: string, performed: Performed, screen: Screen, streams: Streams): void {
  try {
    streams.stdout(text);
  } catch (thrown) {
    streams.stderr(notesText(performed, screen));
    throw thrown;
  }
}

/** What goes out in pieces; undefined for a result that is printed in one. With `--json` a failure comes in place of a result, so that there is one object. */
async function piecesOf(performed: Performed, { json, jsonl }: CommonFlags, screen: Screen): Promise<AsyncIterable<string> | undefined> {
  if (jsonl) return (await import('../render/pieces.ts')).jsonLinePieces(performed.elements());
  return performed.verdict === undefined || !json ? performed.stream(json ? 'json' : 'text', screen) : undefined;
}

async function show(performed: Performed, common: CommonFlags, shell: Shell, understand: typeof asFailure): Promise<number> {
  const { streams } = shell;
  const { columns, paint } = streams;
  const screen = {
    terminal: streams.stdoutIsTerminal,
    now: shell.now(),
    ...(columns === undefined ? {} : { columns }),
    ...(paint === undefined ? {} : { paint }),
  };
  const { verdict } = performed;
  const pieces = await piecesOf(performed, common, screen);
  if (pieces !== undefined) {
    const { showPieces, tellBroken } = await import('./show-pieces.ts');
    const broken = await showPieces(pieces, streams, understand);
    if (broken !== undefined) return tellBroken(broken, streams);
  } else if (common.json) {
    const value = performed.json();
    // A command that has printed its result by itself has nothing left to say, and what went wrong stands in that result.
    if (verdict !== undefined) return value === undefined ? FAILURES[verdict.code].exit : tell(verdict, true, streams);
    if (value !== undefined) showResult(`${jsonText(value, streams.stdoutIsTerminal)}\n`, performed, screen, streams);
  } else showResult(performed.text(screen), performed, screen, streams);
  if (!common.json && !common.jsonl && !common.quiet) streams.stderr(notesText(performed, screen));
  if (verdict !== undefined) return tell(verdict, common.json, streams);
  await performed.stay();
  return 0;
}

/** The exit code of an ending that is not ours. That of a signal is what a shell makes of it. */
async function endAs(ending: Ending, shell: Shell): Promise<number> {
  if (ending.kind === 'exit') return ending.code;
  shell.dieOf(ending.signal);
  const { constants } = await import('node:os');
  return 128 + (Object.entries(constants.signals).find(([name]) => name === ending.signal)?.[1] ?? 0);
}

/**
 * Runs one command line and gives the exit code. Nothing escapes: every failure is told in the form that was asked for,
 * as text on stderr or, with `--json`, as an object on stdout.
 */
export async function run(words: readonly string[], shell: Shell): Promise<number> {
  // Until the flags are parsed, an error must already come in the form that the caller can read.
  let json = beforeDashes(words).includes('--json');
  let debug = (_line: string): void => undefined;
  const understand = (thrown: unknown): Failure => {
    const failure = asFailure(thrown);
    if (failure.code === 'bug' && failure.cause instanceof Error) debug(stackLines(failure.cause));
    return failure;
  };
  try {
    const found = lookUp(words);
    if (found.kind !== 'command') return await (await import('./no-command.ts')).answer(words, found, shell.streams);
    const command = await found.listing.load();
    if (beforeDashes(found.rest).some((word) => word === '--help' || word === '-h')) {
      return await (await import('./no-command.ts')).printHelp(command.path, shell.streams);
    }
    const parsed = readQuickly(command, found.rest) ?? (await import('./parser.ts')).parse(command, found.rest);
    json = parsed.common.json;
    if (json && parsed.common.jsonl) throw new Failure('usage', { detail: '--json and --jsonl exclude each other.', hint: 'Give one of them.' });
    const deps = await shell.deps(parsed.common);
    debug = (line) => deps.output.debug(line);
    const performed = await command.perform(parsed.invocation, deps);
    const code = await show(performed, parsed.common, shell, understand);
    return performed.ending === undefined ? code : await endAs(performed.ending, shell);
  } catch (thrown) {
    return tell(understand(thrown), json, shell.streams);
  }
}

/** Tells, in the form that was asked for, that the command has come to a stop without an end. Gives the exit code. */
export async function tellUnfinished(words: readonly string[], streams: Streams): Promise<number> {
  const failure = new Failure('bug', {
    detail: 'The command stopped before its end: what it waited for can never come.',
    hint: 'Please report it with the command that you ran, without its secrets.',
  });
  return tell(failure, beforeDashes(words).includes('--json'), streams);
}
