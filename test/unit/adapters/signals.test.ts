import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createSignals, type SignalHost } from '../../../src/adapters/signals.ts';

interface Played {
  readonly host: SignalHost;
  readonly emitter: EventEmitter;
  /** What happened, in order. */
  readonly log: string[];
}

function played(): Played {
  const emitter = new EventEmitter();
  const log: string[] = [];
  const host: SignalHost = {
    pid: 7,
    on: (signal, hear) => emitter.on(signal, hear),
    off: (signal, hear) => emitter.off(signal, hear),
    removeAllListeners: (signal) => emitter.removeAllListeners(signal),
    kill: (pid, signal) => log.push(`kill ${pid} ${signal}, ${emitter.listenerCount(signal)} listeners`),
  };
  return { host, emitter, log };
}

describe('signals', () => {
  it('stop the command, but for the time that somebody takes them', () => {
    const { host, emitter, log } = played();
    const signals = createSignals(host, () => log.push('stop'));
    emitter.emit('SIGTERM');
    expect(emitter.listenerCount('SIGQUIT')).toBe(0);
    const release = signals.take((signal) => log.push(`took ${signal}`));
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']) emitter.emit(signal);
    release();
    expect(emitter.listenerCount('SIGQUIT')).toBe(0);
    emitter.emit('SIGHUP');
    expect(log).toEqual(['stop', 'took SIGINT', 'took SIGTERM', 'took SIGHUP', 'took SIGQUIT', 'stop']);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGPIPE', 'SIGKILL'])('are died of as the system does it: %s', (signal) => {
    const { host, log } = played();
    createSignals(host, () => log.push('stop')).die(signal);
    expect(log).toEqual([`kill 7 ${signal}, 0 listeners`]);
  });

  it.each(['SIGQUIT', 'SIGSEGV', 'SIGABRT'])('are not died of where that would write our memory to a file: %s', (signal) => {
    const { host, log } = played();
    createSignals(host, () => log.push('stop')).die(signal);
    expect(log).toEqual([]);
  });
});
