import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import type { AttachedCall, AttachedEnd } from '../model/child.ts';
import type { Clock } from '../model/clock.ts';
import type { Env } from '../model/env.ts';
import type { StreamKind } from '../model/results.ts';
import { systemCode } from './system-code.ts';
import { cameFromKeys } from './foreground.ts';
import { createMask, type Mask } from './masking/mask.ts';
import { closePipes, openPipes, type Pipe } from './pipes.ts';
import { pipeSource } from './pipe-source.ts';
import { type Relay, relay, type Source } from './relay.ts';
import type { Signals } from './signals.ts';

type Output = 1 | 2;

/** What a program that takes our place needs of the world. */
export interface AttachWorld {
  /** The environment of every child, without credentials. */
  readonly childEnv: Env;
  readonly interrupted: AbortSignal;
  readonly leadsTo: Readonly<Record<Output, StreamKind>>;
  /** Whether both outputs lead to the same place, in which the order of what is written to them must be kept. */
  readonly oneOutput: () => boolean;
  readonly write: (output: Output, bytes: Uint8Array) => Promise<'written' | 'closed'>;
  readonly takeSignals: Signals['take'];
  readonly clock: Clock;
  readonly platform: NodeJS.Platform;
  /** For pipes; nothing stays there. */
  readonly tmp: string;
  readonly warn: (line: string) => void;
}

/**
 * Once the program has ended, what it wrote has arrived and waits to be read. If for so long nothing more comes and the stream is still
 * open, a program that it left behind holds it, perhaps for ever.
 */
const QUIET_MS = 3_000;

/** Outputs of the program that go to one of ours together, and the pipe for them. */
interface Way {
  readonly outputs: readonly Output[];
  /** Undefined where there are no pipes to be had: Node's own connection then. */
  readonly pipe: Pipe | undefined;
}

/** A terminal is handed through, and so is everything where nothing is to be masked. */
async function waysOf({ masks }: AttachedCall, world: AttachWorld): Promise<readonly Way[]> {
  const outputs = ([1, 2] as const).filter((output) => masks.length > 0 && world.leadsTo[output] !== 'terminal');
  const together = outputs.length === 2 && world.oneOutput();
  const pipes = await openPipes(together ? 1 : outputs.length, world.tmp, world.childEnv);
  if (pipes !== undefined && together) return [{ outputs, pipe: pipes[0] }];
  return outputs.map((output, index) => ({ outputs: [output], pipe: pipes?.[index] }));
}

/** Starts the program, or tells why not. A pipe's writing end is the program's alone from then on, so that its end is seen. */
function start({ file, args, env }: AttachedCall, ways: readonly Way[], world: AttachWorld): ChildProcess | Error {
  const stdioOf = (output: Output): number | 'pipe' | 'inherit' => {
    const way = ways.find(({ outputs }) => outputs.includes(output));
    return way === undefined ? 'inherit' : (way.pipe?.write ?? 'pipe');
  };
  try {
    return spawn(file, args, { env: { ...world.childEnv, ...env }, stdio: ['inherit', stdioOf(1), stdioOf(2)] });
  } catch (thrown) {
    if (thrown instanceof Error && systemCode(thrown) !== undefined) return thrown;
    throw thrown;
  } finally {
    for (const { pipe } of ways) if (pipe !== undefined) closeSync(pipe.write);
  }
}

function notStarted(error: unknown): AttachedEnd {
  const code = systemCode(error) ?? 'unknown';
  const why = ['ENOENT', 'ENOTDIR'].includes(code) ? 'not-found' : ['EACCES', 'EPERM', 'ENOEXEC', 'EISDIR'].includes(code) ? 'not-executable' : 'failed';
  return { kind: 'not-started', why, code };
}

function endOf(child: ChildProcess): Promise<AttachedEnd> {
  return new Promise((resolve) => {
    // It also speaks where a signal could not be sent, such as to a program of another user, which is no end of it.
    child.on('error', (error) => {
      if (child.pid === undefined) resolve(notStarted(error));
    });
    child.once('exit', (code, signal) => resolve(signal === null ? { kind: 'ended', code: code ?? 0 } : { kind: 'killed', signal }));
  });
}

/** The reading end of a way. It is opened for a program that did not start too, since somebody has to close it. */
function sourceOf({ pipe, outputs }: Way, child: ChildProcess | Error, mask: Mask): Source | undefined {
  if (pipe !== undefined) return pipeSource(pipe.read, mask.places());
  if (child instanceof Error) return undefined;
  return (outputs[0] === 1 ? child.stdout : child.stderr) ?? undefined;
}

/** What there is to say of output that is given up. */
function givenUp(readers: 'gone-quiet' | 'slow'): string {
  if (readers === 'slow') return 'The program was killed, and nobody took the rest of its output; it is lost.';
  return 'The program has ended, but something that it started still holds its output. What that writes from now on is lost; --no-mask hands it through.';
}

/**
 * Waits until all was passed on, or `cut` is aborted. What is still open after a time of quiet is given up, and with that closed. A slow
 * reader is waited for, unless the program was killed: whoever did that wants an end.
 */
async function drain(relays: readonly Relay[], end: AttachedEnd, cut: AbortSignal, world: AttachWorld): Promise<'all' | 'given-up'> {
  const all = Promise.allSettled(relays.map(({ ended }) => ended));
  for (;;) {
    const before = relays.map((each) => each.progress());
    const over = new AbortController();
    const quiet = world.clock.sleep(QUIET_MS, AbortSignal.any([over.signal, cut])).then(
      () => 'quiet' as const,
      () => 'given-up' as const,
    );
    const first = await Promise.race([all.then(() => 'all' as const), quiet]);
    over.abort();
    if (first !== 'quiet') return first;
    const slow = before.includes(undefined);
    if ((!slow || end.kind === 'killed') && relays.every((each, index) => each.progress() === before[index])) {
      for (const each of relays) each.stop();
      world.warn(givenUp(slow ? 'slow' : 'gone-quiet'));
      return 'given-up';
    }
  }
}

/** Starts the program and passes on what it writes, until both have come to their end. */
async function runToEnd(call: AttachedCall, ways: readonly Way[], signals: Receiver, world: AttachWorld): Promise<AttachedEnd> {
  const child = start(call, ways, world);
  if (!(child instanceof Error)) signals.child = child;
  const ended = child instanceof Error ? notStarted(child) : endOf(child);
  const masks = call.masks.map((secret) => secret.reveal());
  const relays = ways.flatMap((way): readonly Relay[] => {
    const mask = createMask(masks);
    const source = sourceOf(way, child, mask);
    const [to = 1] = way.outputs;
    return source === undefined ? [] : [relay(source, mask, (bytes) => world.write(to, bytes))];
  });
  const written = Promise.all(relays.map((each) => each.ended));
  // It is asked for below; what fails before that is no surprise to anybody.
  written.catch(() => undefined);
  const end = await ended;
  signals.child = undefined;
  const drained = await drain(relays, end, signals.late.signal, world);
  if (drained === 'all') await written;
  if (!signals.late.signal.aborted) return end;
  for (const each of relays) each.stop();
  return { kind: 'killed', signal: String(signals.late.signal.reason) };
}

/** Where signals go: to the program while it runs, and after that to whoever waits for its output. */
interface Receiver {
  child: ChildProcess | undefined;
  /** Aborted by the first signal that comes when the program has ended; its name is the reason. */
  readonly late: AbortController;
}

/**
 * Runs a program in our place; what it promises stands at `Children.attach`. Signals go to the program, unless the terminal sent them
 * to it already. One that comes when the program has ended and its output is not read to the end is how we end.
 */
export async function attach(call: AttachedCall, world: AttachWorld): Promise<AttachedEnd> {
  const ways = await waysOf(call, world);
  const signals: Receiver = { child: undefined, late: new AbortController() };
  const release = world.takeSignals((signal) => {
    if (signals.child === undefined) signals.late.abort(signal);
    else if (!cameFromKeys(signal, world.platform)) signals.child.kill(signal);
  });
  try {
    if (!world.interrupted.aborted) return await runToEnd(call, ways, signals, world);
    closePipes(ways.flatMap(({ pipe }) => pipe ?? []));
    throw world.interrupted.reason;
  } finally {
    release();
  }
}
