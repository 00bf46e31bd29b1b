import type { Database } from './database.ts';
import type { ErrorBody, Route } from './routes.ts';
import type { CompleteTuning } from './tuning.ts';

/** What a realm is given to build its routes with. */
export interface RealmContext {
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
  readonly database: Database;
  /** Unix milliseconds, by the backend's clock. */
  readonly now: () => number;
  readonly tuning: CompleteTuning;
}

/** One provider's dialect: a thin layer over the core (users, keys, tokens, OAuth). */
export interface Realm {
  readonly id: string;
  readonly errorBody: ErrorBody;
  readonly routes: (context: RealmContext) => readonly Route[];
}
