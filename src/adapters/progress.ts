import type { Progress } from '../model/output.ts';
import { cutTo } from '../model/width.ts';

/*
 * The manners of this room: what is drawn is one line of stderr, never the last word. It is taken away before anything else is written,
 * it waits while a line of a result is not whole or a question is open, and no cursor is hidden that somebody would have to bring back.
 */

const SHOWN_AFTER_MS = 300;
const REDRAWN_EVERY_MS = 100;

/** Between two lines about the same thing, where lines are all that can be told. */
const SAID_EVERY_MS = 10_000;

const FRAMES = ['|', '/', '-', '\\'] as const;
const BAR = 20;

/** Carriage return, and erase to the end of the line (ECMA-48 section 8.3.41). */
const ERASE = '\r\u001B[K';

type Write = (descriptor: 1 | 2, text: string) => 'written' | 'closed';

export interface ProgressWorld {
  readonly write: Write;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Calls `tick` again and again, for as long as something else keeps the process busy, until the returned function is called. */
  readonly every: (ms: number, tick: () => void) => () => void;
  readonly columns: () => number | undefined;
  /** `lines` for a terminal that is read line by line. */
  readonly manner: 'drawn' | 'lines';
  /** Whether what is written there appears in the same terminal. */
  readonly onScreen: (descriptor: 1 | 2) => boolean;
}

export interface ProgressLine {
  /** Writes, with what is drawn out of the way. */
  readonly write: Write;
  /** `told`: the person has read the title already. */
  begin(title: string, told: 'told' | 'untold'): Progress;
  /** Nothing is drawn until the returned function is called: somebody else has the terminal. */
  hush(): () => void;
}

interface Task {
  readonly title: string;
  readonly since: number;
  done: number | undefined;
  total: number | undefined;
}

const count = ({ done, total }: Task): string => (done === undefined ? '' : total === undefined ? `${done}` : `${done} of ${total}`);

function bar({ done, total }: Task): string {
  if (done === undefined || total === undefined || total <= 0) return '';
  const full = Math.min(BAR, Math.floor((done / total) * BAR));
  return `[${'#'.repeat(full)}${'.'.repeat(BAR - full)}] `;
}

/** What nobody sees. */
export const UNSEEN: Progress = { tick: () => undefined, end: () => undefined };

/** The line of a terminal that tells what takes its time. Where stderr is none, nothing is ever drawn. */
export function createProgressLine(world: ProgressWorld): ProgressLine {
  if (!world.onScreen(2)) return { write: world.write, begin: () => UNSEEN, hush: () => () => undefined };
  return createDrawnLine(world);
}

function createDrawnLine(world: ProgressWorld): ProgressLine {
  const tasks: Task[] = [];
  /** When each title was told as a line. */
  const said = new Map<string, number>();
  const state = { drawn: false, hushed: 0, midLine: false, frame: 0, stop: (): void => undefined };

  function erase(): void {
    if (!state.drawn) return;
    state.drawn = false;
    world.write(2, ERASE);
  }

  function draw(task: Task): void {
    state.frame += 1;
    const frame = FRAMES[state.frame % FRAMES.length] ?? '';
    const seconds = Math.floor((world.now() - task.since) / 1000);
    const after = [count(task), seconds < 2 ? '' : `${seconds} s`].filter((word) => word !== '').join(', ');
    const text = `${bar(task) || `${frame} `}${task.title}${after === '' ? '' : ` (${after})`}`;
    state.drawn = true;
    // The last column stays free: some terminals go to the next line when it is filled.
    world.write(2, `\r${cutTo(text, (world.columns() ?? 80) - 1)}\u001B[K`);
  }

  function say(task: Task): void {
    const now = world.now();
    const last = said.get(task.title);
    if (last !== undefined && (now - last < SAID_EVERY_MS || task.done === undefined)) return;
    said.set(task.title, now);
    world.write(2, last === undefined ? `${task.title}\n` : `${task.title}: ${count(task)}\n`);
  }

  function tick(): void {
    const [task] = tasks;
    if (task === undefined || state.hushed > 0 || state.midLine || world.now() - task.since < SHOWN_AFTER_MS) return;
    if (world.manner === 'drawn') draw(task);
    else say(task);
  }

  return {
    write: (descriptor, text) => {
      if (world.onScreen(descriptor) && text !== '') {
        erase();
        state.midLine = !text.endsWith('\n');
      }
      return world.write(descriptor, text);
    },
    begin: (title, told) => {
      const task: Task = { title, since: world.now(), done: undefined, total: undefined };
      if (told === 'told') said.set(title, task.since);
      tasks.push(task);
      if (tasks.length === 1) state.stop = world.every(REDRAWN_EVERY_MS, tick);
      return {
        tick: (done, total) => {
          task.done = done;
          task.total = total;
        },
        end: () => {
          const at = tasks.indexOf(task);
          if (at === -1) return;
          tasks.splice(at, 1);
          if (at === 0) erase();
          if (tasks.length === 0) state.stop();
        },
      };
    },
    hush: () => {
      erase();
      state.hushed += 1;
      return () => void (state.hushed -= 1);
    },
  };
}
