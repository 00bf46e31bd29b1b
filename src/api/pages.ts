import type { Call, Paging } from '../providers/provider.ts';
import { valueAt } from '../providers/read.ts';
import { createEnding, type Ending } from '../model/ending.ts';
import { Failure } from '../model/failure.ts';
import { type Access, over } from './access.ts';
import { type Answered, callProvider, goodBody, isGood, requestOf, sendAuthorized } from './call.ts';
import { cursorAtEnd, cursorIn } from './cursor-at-end.ts';

/** Pages that are asked for before the one in hand is used up; more would only fill the memory. */
const AHEAD = 4;

/** How much of a list is wanted: with `all` nothing waits for the first page to be read, with `some` it may be enough. */
export type Wanted = 'all' | 'some';

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

/** `access` whose requests are given up when `ending` is aborted. */
function until(ending: Ending, access: Access): Access {
  const { http } = access;
  return over({ send: (request) => http.send({ ...request, signal: ending }), close: () => http.close() }, access);
}

/** Nobody will look at the pages that are still under way, whether one failed or enough was seen. */
async function giveUp(abort: (reason: Failure) => void, underway: ReadonlyArray<Promise<unknown>>): Promise<void> {
  abort(new Failure('cancelled', { detail: 'The page is not needed any more.' }));
  await Promise.allSettled(underway);
}

/** A page that is asked for ahead. Whoever waits for an earlier one learns of a failure in its turn; until then it is not unheard of. */
function ahead<Page>(page: Promise<Page>): Promise<Page> {
  page.catch(() => undefined);
  return page;
}

async function* byNumber(access: Access, what: string, call: Call, paging: Extract<Paging, { kind: 'numbers' }>, wanted: Wanted): AsyncGenerator<unknown> {
  const { signal, abort } = createEnding();
  const asking = until(signal, access);
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
  const underway: Array<Promise<unknown>> = [];
  let next = 2;
  const askAhead = (): void => {
    while (next <= total && underway.length < AHEAD) {
      underway.push(ahead(ask(next)));
      next += 1;
    }
  };
  try {
    if (wanted === 'all') askAhead();
    yield first;
    askAhead();
    while (underway.length > 0) {
      yield await underway.shift();
      askAhead();
    }
  } finally {
    await giveUp(abort, underway);
  }
}

async function* byCursor(access: Access, what: string, call: Call, paging: Extract<Paging, { kind: 'cursor' }>, wanted: Wanted): AsyncGenerator<unknown> {
  const size: Readonly<Record<string, string>> = paging.size === null ? {} : { [paging.size]: String(paging.largest) };
  const { signal, abort } = createEnding();
  const asking = until(signal, access);
  const ask = (cursor: string | undefined): Promise<Answered> => {
    const parameters = cursor === undefined ? size : { ...size, [paging.cursor]: cursor };
    return sendAuthorized(asking, requestOf(Object.keys(parameters).length === 0 ? call : withQuery(call, parameters)));
  };
  const seen = new Set<string>();
  let coming: Promise<Answered> | undefined;
  let cursor: string | undefined;
  try {
    for (let count = 1; count <= MOST_PAGES; count += 1) {
      const answered = await (coming ?? ask(cursor));
      coming = undefined;
      // The next page comes while this one is read; whoever wants a second one most often wants all. A cursor that comes again begins a circle.
      const askAhead = async (more: string | undefined): Promise<void> => {
        if (more === undefined || seen.has(more) || (count === 1 && wanted === 'some') || count === MOST_PAGES) return;
        coming = ahead(ask(more));
        await access.http.onItsWay?.();
      };
      await askAhead(isGood(answered) ? cursorAtEnd(answered.reply.body, paging.next) : undefined);
      const page = goodBody(access, what, answered);
      const more = cursorIn(valueAt(page, paging.next));
      if (coming === undefined) await askAhead(more);
      yield page;
      if (more === undefined) return;
      if (seen.has(more)) break;
      seen.add(more);
      cursor = more;
    }
    throw endless(what);
  } finally {
    await giveUp(abort, coming === undefined ? [] : [coming]);
  }
}

/**
 * The bodies of all pages of a list, in their order. From the second on, or from the first where all are wanted, others are asked for ahead: some
 * where the server says how many there are, one where each page names the next. They are given up when whoever reads them stops. Without a rule of paging there is one page.
 */
export async function* pagesOf(access: Access, what: string, call: Call, paging: Paging | null, wanted: Wanted = 'some'): AsyncGenerator<unknown> {
  if (paging === null) yield await callProvider(access, what, call);
  else if (paging.kind === 'numbers') yield* byNumber(access, what, call, paging, wanted);
  else yield* byCursor(access, what, call, paging, wanted);
}
