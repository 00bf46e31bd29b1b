import type { KeyNews } from '../model/known-keys.ts';
import type { Http } from '../model/http.ts';
import { plainText } from '../render/plain-text.ts';
import type { Authority } from './authority.ts';
import type { Target } from './target.ts';

/** All that a request needs beside itself: the way, the address, the right to ask, and who hears the provider's warnings. */
export interface Access {
  readonly http: Http;
  readonly target: Target;
  readonly authority: Authority;
  /** Takes a warning as the server wrote it, but for secrets. */
  readonly heard: (text: string) => void;
  /** Takes what is learned of keys by the way; absent where nobody remembers it. */
  readonly learned?: (news: KeyNews) => void;
}

/** Longest warning that is shown; one that is longer says nothing that anybody reads. */
const WARNING_MAX = 300;

/** Tells each warning once, however many replies repeat it. */
export function tellOnce(providerName: string, warn: (line: string) => void): Access['heard'] {
  const told = new Set<string>();
  return (text) => {
    const line = plainText(text, WARNING_MAX).trim();
    if (line === '' || told.has(line)) return;
    told.add(line);
    warn(`${providerName} says: ${line}`);
  };
}

/** The same access over other connections. */
export function over(http: Http, access: Access): Access {
  return { ...access, http };
}
