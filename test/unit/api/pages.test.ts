import { describe, expect, it } from 'vitest';
import { pagesOf } from '../../../src/api/pages.ts';
import type { HttpReply, HttpRequest } from '../../../src/model/http.ts';
import { type Failure, isFailure } from '../../../src/model/failure.ts';
import type { Call, Paging } from '../../../src/providers/provider.ts';
import { watch } from '../../../src/model/ending.ts';
import { jsonReply, playedAccess, type PlayedAccess } from '../../support/played-access.ts';

const NUMBERS: Extract<Paging, { kind: 'numbers' }> = {
  kind: 'numbers',
  page: 'page',
  size: 'limit',
  largest: 100,
  totalPages: ['pagination', 'totalPages'],
  items: ['data'],
};
const CURSOR: Extract<Paging, { kind: 'cursor' }> = { kind: 'cursor', cursor: 'after', size: 'limit', largest: 50, next: ['next'], items: ['data'] };
const LIST: Call = { method: 'GET', path: '/things' };

/** Pages that are asked for before the one in hand is used up. */
const AHEAD = 4;

const pathsOf = ({ sent }: PlayedAccess): readonly string[] => sent.map(({ url }) => url.slice('https://api.test'.length));
const pageOf = ({ url }: HttpRequest): number => Number(new URL(url).searchParams.get('page'));

/** All bodies that came, and why no more did. */
async function drain(pages: AsyncGenerator<unknown>): Promise<{ readonly bodies: readonly unknown[]; readonly failure: Failure | undefined }> {
  const bodies: unknown[] = [];
  try {
    for await (const body of pages) bodies.push(body);
    return { bodies, failure: undefined };
  } catch (thrown) {
    if (!isFailure(thrown)) throw thrown;
    return { bodies, failure: thrown };
  }
}

/** Lets everything run that waits for nothing but its turn. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A server of so many pages that answers each only when it is told to, in any order. */
function patientServer(total: number) {
  const waiting = new Map<number, (reply: HttpReply) => void>();
  const seen = { most: 0 };
  const access = playedAccess(
    (request) =>
      new Promise((resolve, reject) => {
        waiting.set(pageOf(request), resolve);
        seen.most = Math.max(seen.most, waiting.size);
        const { signal } = request;
        if (signal === undefined) throw new Error('pages are asked for with a signal');
        watch(signal, () => {
          waiting.delete(pageOf(request));
          reject(signal.reason as Error);
        });
      }),
  );
  const answer = (page: number, status = 200): void => {
    waiting.get(page)?.(jsonReply({ data: [page], pagination: { totalPages: total } }, status));
    waiting.delete(page);
  };
  return { access, seen, answer, asked: () => access.sent.map(pageOf), waiting: () => [...waiting.keys()] };
}

describe('a list that is one page', () => {
  it('is asked for once, as it is', async () => {
    const access = playedAccess(() => jsonReply({ next: 'more', pagination: { totalPages: 9 } }));
    const { bodies } = await drain(pagesOf(access, 'list', LIST, null));
    expect([bodies.length, pathsOf(access)]).toEqual([1, ['/things']]);
  });
});

describe('pages with numbers', () => {
  it('come in their order, whichever is answered first, and never are more than a few asked for ahead', async () => {
    const { access, seen, answer, asked, waiting } = patientServer(9);
    const pages = pagesOf(access, 'list', LIST, NUMBERS);
    const first = pages.next();
    await settle();
    expect(asked()).toEqual([1]);
    answer(1);
    expect((await first).value).toMatchObject({ data: [1] });
    await settle();
    // Nobody has asked for a second page yet.
    expect(asked()).toEqual([1]);
    for (let page = 2; page <= 9; page += 1) {
      const next = pages.next();
      await settle();
      expect(asked()).toEqual(Array.from({ length: Math.min(9, page + AHEAD - 1) }, (_, index) => index + 1));
      // The later ones first.
      for (const late of waiting().reverse()) answer(late);
      expect((await next).value).toMatchObject({ data: [page] });
    }
    expect(await pages.next()).toEqual({ done: true, value: undefined });
    expect([asked(), seen.most]).toEqual([[1, 2, 3, 4, 5, 6, 7, 8, 9], AHEAD]);
  });

  it('do not wait for the first one to be read where all of them are wanted', async () => {
    const { access, answer, asked } = patientServer(9);
    const pages = pagesOf(access, 'list', LIST, NUMBERS, 'all');
    const first = pages.next();
    await settle();
    answer(1);
    expect((await first).value).toMatchObject({ data: [1] });
    expect(asked()).toEqual([1, 2, 3, 4, 5]);
    await Promise.all([pages.return(undefined), settle()]);
    expect(access.sent.map(({ signal }) => signal?.aborted)).toEqual([true, true, true, true, true]);
  });

  it('are asked for at their largest, beside what the path asks already', async () => {
    const access = playedAccess(() => jsonReply({ pagination: { totalPages: 2 } }));
    await drain(pagesOf(access, 'list', { ...LIST, path: '/things?kind=a%20b' }, NUMBERS));
    expect(pathsOf(access)).toEqual(['/things?kind=a%20b&page=1&limit=100', '/things?kind=a%20b&page=2&limit=100']);
  });

  it.each([0, 1])('are one where the server counts %d', async (total) => {
    const access = playedAccess(() => jsonReply({ data: [], pagination: { totalPages: total } }));
    const { bodies, failure } = await drain(pagesOf(access, 'list', LIST, NUMBERS));
    expect([bodies.length, failure, access.sent.length]).toEqual([1, undefined, 1]);
  });

  it.each([undefined, null, '3', -1, 1.5, 1_000_001, 1e300])('are none where the server counts %j', async (totalPages) => {
    const access = playedAccess(() => jsonReply({ data: [], pagination: { totalPages } }));
    const { bodies, failure } = await drain(pagesOf(access, 'list the things', LIST, NUMBERS));
    expect([bodies, failure?.code, failure?.detail, access.sent.length]).toEqual([
      [],
      'unexpected-answer',
      'Could not list the things: field "pagination.totalPages" is missing or no number of pages.',
      1,
    ]);
  });

  it('end at a page that fails, after those before it and without those after it', async () => {
    const access = playedAccess((request) =>
      pageOf(request) === 3 ? jsonReply({ error: { code: 'busy' } }, 500) : jsonReply({ data: [pageOf(request)], pagination: { totalPages: 50 } }),
    );
    const { bodies, failure } = await drain(pagesOf(access, 'list', LIST, NUMBERS));
    expect([bodies, failure?.code, failure?.detail]).toEqual([
      [1, 2].map((page) => ({ data: [page], pagination: { totalPages: 50 } })),
      'unreachable',
      'Could not list. Memax says: busy (500).',
    ]);
    expect(Math.max(...access.sent.map(pageOf))).toBeLessThan(3 + AHEAD);
  });

  it('fail in their order: a later one that failed first takes nothing away', async () => {
    const { access, answer } = patientServer(5);
    const pages = pagesOf(access, 'list', LIST, NUMBERS);
    const first = pages.next();
    await settle();
    answer(1);
    await first;
    const second = pages.next();
    await settle();
    answer(4, 404);
    await settle();
    answer(2);
    expect((await second).value).toMatchObject({ data: [2] });
    answer(3);
    expect((await pages.next()).value).toMatchObject({ data: [3] });
    const failing = pages.next().catch((thrown: unknown) => thrown);
    answer(5);
    expect(await failing).toMatchObject({ code: 'not-found' });
    expect(await pages.next()).toEqual({ done: true, value: undefined });
  });
});

describe('pages with a cursor', () => {
  const chain = (nexts: ReadonlyArray<unknown>, paging: Paging = CURSOR) => {
    const access = playedAccess((_, index) => jsonReply({ data: [index], next: nexts[index] }));
    return { access, pages: pagesOf(access, 'list the things', LIST, paging) };
  };

  it.each([[null], [undefined], [''], [false], [{ cursor: 'x' }]])('are followed by the cursor that each names, until one says %j', async (last) => {
    const { access, pages } = chain(['a b&c', 7, last, 'never']);
    const { bodies, failure } = await drain(pages);
    expect([bodies.length, failure]).toEqual([3, undefined]);
    expect(pathsOf(access)).toEqual(['/things?limit=50', '/things?limit=50&after=a+b%26c', '/things?limit=50&after=7']);
  });

  it('say nothing of a size where the server alone decides it', async () => {
    const { access, pages } = chain(['x', null], { ...CURSOR, size: null });
    await drain(pages);
    expect(pathsOf(access)).toEqual(['/things', '/things?after=x']);
  });

  it.each<[string, ReadonlyArray<string>, number]>([
    ['names itself', ['x', 'x', 'x'], 2],
    ['goes in a circle', ['x', 'y', 'z', 'x', 'y'], 4],
  ])('do not end where one %s, which is a failure after the pages that came', async (_title, nexts, came) => {
    const { access, pages } = chain(nexts);
    const { bodies, failure } = await drain(pages);
    expect([bodies.length, access.sent.length, failure?.code, failure?.detail]).toEqual([
      came,
      came,
      'unexpected-answer',
      'Could not list the things: the pages of the list do not end.',
    ]);
  });

  it('are asked for one by one, from the second on one ahead of whoever reads, and no more of them once nobody asks', async () => {
    const { access, pages } = chain(['a', 'b', 'c', 'd', 'e', null]);
    await pages.next();
    await settle();
    // Nobody has asked for a second page yet.
    expect(access.sent.length).toBe(1);
    await pages.next();
    await settle();
    expect(access.sent.length).toBe(3);
    await pages.next();
    await settle();
    expect(access.sent.length).toBe(4);
    await pages.return(undefined);
    await settle();
    expect([access.sent.length, access.sent.at(-1)?.signal?.aborted]).toEqual([4, true]);
  });

  it('do not wait for the first one to be read where all of them are wanted', async () => {
    const access = playedAccess((_, index) => (index === 1 ? new Promise<HttpReply>(() => undefined) : jsonReply({ data: [index], next: `c${index}` })));
    expect((await pagesOf(access, 'list', LIST, CURSOR, 'all').next()).value).toMatchObject({ data: [0] });
    expect(access.sent.length).toBe(2);
  });

  it('is on the wire before the one in hand is read, and the page before it is given whatever becomes of it', async () => {
    const access = playedAccess((_, index) => (index === 2 ? new Promise<HttpReply>(() => undefined) : jsonReply({ data: [index], next: `c${index}` })));
    const pages = pagesOf(access, 'list', LIST, CURSOR);
    await pages.next();
    expect((await pages.next()).value).toMatchObject({ data: [1] });
    expect(access.sent.length).toBe(3);
  });

  it('is asked for before the one in hand is read, where its end names it, and given up when that cannot be read', async () => {
    const broken: HttpReply = { status: 200, headers: {}, body: '{"data":[oops],"next":"c"}' };
    const access = playedAccess((_, index) => (index === 0 ? jsonReply({ data: [0], next: 'b' }) : broken));
    const { bodies, failure } = await drain(pagesOf(access, 'list', LIST, CURSOR));
    expect([bodies.length, failure?.code, pathsOf(access).at(-1)]).toEqual([1, 'unexpected-answer', '/things?limit=50&after=c']);
    expect(access.sent.map(({ signal }) => signal?.aborted)).toEqual([true, true, true]);
  });

  it('is not asked for after a failure, whatever that names', async () => {
    const access = playedAccess((_, index) => ({ status: index === 1 ? 500 : 200, headers: {}, body: `{"data":[],"next":"c${index}"}` }));
    const { bodies, failure } = await drain(pagesOf(access, 'list', LIST, CURSOR));
    expect([bodies.length, failure?.code, access.sent.length]).toEqual([1, 'unreachable', 2]);
  });

  it('end at a page that fails, after those before it', async () => {
    const access = playedAccess((_, index) => (index === 1 ? jsonReply({}, 503) : jsonReply({ next: `c${index}` })));
    const { bodies, failure } = await drain(pagesOf(access, 'list', LIST, CURSOR));
    expect([bodies, failure?.code, access.sent.length]).toEqual([[{ next: 'c0' }], 'unreachable', 2]);
  });
});
