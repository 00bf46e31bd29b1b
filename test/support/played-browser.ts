import type { Browser } from '../../src/model/browser.ts';
import { type Delivered, signInAs } from './person.ts';

/** What the person does when the browser opens. A function gets the address and does as it likes. */
export type Person = 'allow' | 'deny' | 'goes-away' | ((address: string) => Promise<unknown>);

export interface PlayedBrowser extends Browser {
  /** The addresses that were opened. */
  readonly opened: readonly string[];
  /** The page that the person saw last; waits until the person is done. Undefined where none was seen. */
  lastPage(): Promise<Delivered | undefined>;
}

export interface BrowserWishes {
  readonly likely: boolean;
  readonly person: Person;
  readonly email: string;
  /** Why no browser opens; undefined where one does. */
  readonly broken: string | undefined;
}

/** A browser that a person sits at: opening an address makes them sign in and decide, while the command goes on waiting. */
export function createPlayedBrowser({ likely, person, email, broken }: BrowserWishes): PlayedBrowser {
  const opened: string[] = [];
  let visit: Promise<Delivered | undefined> = Promise.resolve(undefined);
  const play = async (address: string): Promise<Delivered | undefined> => {
    if (person === 'goes-away') return undefined;
    if (typeof person !== 'function') return signInAs(address, { decision: person, email, deliver: true });
    await person(address);
    return undefined;
  };
  return {
    likely,
    whyUnlikely: likely ? null : 'this is a test',
    opened,
    lastPage: () => visit,
    open: async (address) => {
      opened.push(address);
      if (broken !== undefined) return { kind: 'failed', why: broken };
      visit = play(address);
      // Whoever asks for the page hears of trouble; until then it must not end the process.
      visit.catch(() => undefined);
      return { kind: 'opened' };
    },
  };
}
