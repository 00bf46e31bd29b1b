import type { Provider } from '../providers/provider.ts';

/** Where requests of a command go. */
export interface Target {
  readonly provider: Provider;
  /** Without a trailing slash. */
  readonly baseUrl: string;
  readonly origin: string;
  /** The project that is meant, for credentials that work for many; null where none was named. */
  readonly project: string | null;
}
