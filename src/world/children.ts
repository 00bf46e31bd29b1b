import type { Children } from '../model/child.ts';
import type { Output } from '../model/output.ts';
import { once } from './once.ts';
import type { Screen } from './screen.ts';
import type { Surroundings } from './surroundings.ts';

export function childrenIn(around: Surroundings, screen: Pick<Screen, 'progress'>, output: Output): Children {
  const load = once(async () => {
    const { childEnv, interrupted, platform, clock, streams, signals } = around;
    const [{ createChildren }, { tmpdir }] = await Promise.all([import('../adapters/children.ts'), import('node:os')]);
    const outputs = { leadsTo: { 1: streams.kindOf(1), 2: streams.kindOf(2) }, platform, clock };
    const loadWriteAll = once(async () => (await import('../adapters/descriptor.ts')).createWriteAll(outputs));
    const attaching = {
      childEnv,
      interrupted,
      ...outputs,
      oneOutput: streams.leadToOne,
      write: async (descriptor: 1 | 2, bytes: Uint8Array) => (await loadWriteAll())(descriptor, bytes),
      takeSignals: signals.take,
      tmp: tmpdir(),
      warn: (line: string) => output.warn(line),
    };
    return createChildren({ childEnv, interrupted }, attaching);
  });
  return {
    find: async (name) => (await load()).find(name),
    run: async (call) => (await load()).run(call),
    attach: async (call) => {
      // The terminal is the program's now.
      const back = screen.progress.hush();
      try {
        return await (await load()).attach(call);
      } finally {
        back();
      }
    },
    words: async (line) => (await load()).words(line),
  };
}
