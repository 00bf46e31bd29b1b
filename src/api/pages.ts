import type { Call, Paging } from '../providers/provider.ts';
import { valueAt } from '../providers/read.ts';
import { Failure } from '../model/failure.ts';
import { type Access, over } from './access.ts';
import { callProvider } from './call.ts';

/** Pages that are asked for before the one in hand is used up; more would only fill the memory. */
const AHEAD = 4;

/** A list that is longer than this is a server that does not end. */
const MOST_PAGES = 1_000_000;

function withQuery(call: Call, parameters: Readonly<Record<string, string>>): Call {
  const separator = call.path.includes('?') ? '&' : '?';
  return { ...call, path: `${call.path}${separator}${new URLSearchParams(parameters).toString()}` };
}

function endless(what: string): Failure {
  return new Failure('unexpected-answer', {
    detail: `Could not ${what}: the pages of the list do not end.`,
    hint: 'The provider may have changed its API. Check the API address.',
  });
}

async function* byNumber(access: Access, what: string, call: Call, paging: Extract<Paging, { kind: 'numbers' }>): AsyncGenerator<unknown> {
  const ending = new AbortController();
  const asking = over({ send: (request) => access.http.send({ ...request, signal: ending.signal }), close: () => access.http.close() }, access);
  const ask = (number: number): Promise<unknown> =>
    callProvider(asking, what, withQuery(call, { [paging.page]: String(number), [paging.size]: String(paging.largest) }));
  const first = await ask(1);
  const said = valueAt(first, paging.totalPages);
  // Servers count no page at all where there is nothing to list.
  const total = typeof said === 'number' && Number.isSafeInteger(said) && said >= 0 ? said : undefined;
  if (total === undefined || total > MOST_PAGES) {
    throw new Failure('unexpected-answer', {
      detail: `Could not ${what}: field "${paging.totalPages.join('.')}" is missing or no number of pages.`,
      hint: 'The provider may have changed its API. Check the API address.',
    });
  }
  yield first;
  const underway: Array<Promise<unknown>> = [];
  let next = 2;
  try {
    while (next <= total || underway.length > 0) {
      while (next <= total && underway.length < AHEAD) {
        const page = ask(next);
        // Whoever waits for an earlier page learns of a failure in its turn; until then it is not unheard of.
        page.catch(() => undefined);
        underway.push(page);
        next += 1;
      }
      yield await underway.shift();
    }
  } finally {
    // Nobody will look at the pages that are still under way, whether one failed or enough was seen.
    ending.abort(new Failure('cancelled', { detail: 'The page is not needed any more.' }));
    await Promise.allSettled(underway);
  }
}

async function* byCursor(access: Access, what: string, call: Call, paging: Extract<Paging, { kind: 'cursor' }>): AsyncGenerator<unknown> {
  const size: Readonly<Record<string, string>> = paging.size === null ? {} : { [paging.size]: String(paging.largest) };
  const seen = new Set<string>();
  let cursor: string | undefined;
  for (let count = 0; count < MOST_PAGES; count += 1) {
    const parameters = cursor === undefined ? size : { ...size, [paging.cursor]: cursor };
    const page = await callProvider(access, what, Object.keys(parameters).length === 0 ? call : withQuery(call, parameters));
    yield page;
    const next = valueAt(page, paging.next);
    const named = typeof next === 'number' ? String(next) : next;
    if (typeof named !== 'string' || named === '') return;
    // A cursor that comes again begins a circle.
    if (seen.has(named)) break;
    seen.add(named);
    cursor = named;
  }
  throw endless(what);
}

/**
 * The bodies of all pages of a list, in their order. Where the server says how many there are, some are asked for ahead, and
 * given up when whoever reads them stops. Without a rule of paging there is one page.
 */
export async function* pagesOf(access: Access, what: string, call: Call, paging: Paging | null): AsyncGenerator<unknown> {
  if (paging === null) yield await callProvider(access, what, call);
  else if (paging.kind === 'numbers') yield* byNumber(access, what, call, paging);
  else yield* byCursor(access, what, call, paging);
}
