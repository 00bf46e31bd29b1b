/** The part of the process that signals need. */
export interface SignalHost {
  readonly pid: number;
  on(signal: NodeJS.Signals, hear: () => void): unknown;
  off(signal: NodeJS.Signals, hear: () => void): unknown;
  removeAllListeners(signal: string): unknown;
  kill(pid: number, signal: string): unknown;
}

export interface Signals {
  /** Until the returned function is called, signals that come to us go to `receive` and do not stop the command; SIGQUIT is among them. */
  take(receive: (signal: NodeJS.Signals) => void): () => void;
  /** Ends the process as this signal does by itself. Returns where that would write our memory, and the credential in it, to a core file. */
  die(signal: string): void;
}

const STOPPING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** signal(7): the default action of these is a core dump. */
const DUMPING: ReadonlySet<string> = new Set([
  'SIGQUIT',
  'SIGILL',
  'SIGTRAP',
  'SIGABRT',
  'SIGIOT',
  'SIGBUS',
  'SIGFPE',
  'SIGSEGV',
  'SIGSYS',
  'SIGXCPU',
  'SIGXFSZ',
]);

/** These cannot be listened for, and need not be: they always do what they do. */
const FINAL: ReadonlySet<string> = new Set(['SIGKILL', 'SIGSTOP']);

/** Listens for the signals that stop a command; each calls `stop`, unless somebody took them. */
export function createSignals(host: SignalHost, stop: () => void): Signals {
  const takers: Array<(signal: NodeJS.Signals) => void> = [];
  const hear = (signal: NodeJS.Signals) => (): void => {
    const taker = takers.at(-1);
    if (taker === undefined) stop();
    else taker(signal);
  };
  for (const signal of STOPPING) host.on(signal, hear(signal));
  return {
    take: (receive) => {
      const quit = hear('SIGQUIT');
      takers.push(receive);
      host.on('SIGQUIT', quit);
      return () => {
        takers.splice(takers.indexOf(receive), 1);
        host.off('SIGQUIT', quit);
      };
    },
    die: (signal) => {
      if (DUMPING.has(signal)) return;
      if (!FINAL.has(signal) && isSignal(signal)) {
        // Node ignores SIGPIPE, and listens for others. A listener that comes and goes brings the system's own action back.
        host.on(signal, () => undefined);
        host.removeAllListeners(signal);
      }
      host.kill(host.pid, signal);
    },
  };
}

function isSignal(text: string): text is NodeJS.Signals {
  return /^SIG[A-Z0-9]+$/.test(text);
}
