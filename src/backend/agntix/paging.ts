export interface PageRequest {
  /** Counted from 1. */
  readonly page: number;
  readonly limit: number;
}

const USUAL_LIMIT = 10;
const LARGEST_LIMIT = 100;
/** Beyond any list; a greater number could not be counted with. */
const LAST_PAGE = 1_000_000_000;

/** Reads `page` and `limit`. What is out of range is brought into it without a word, and what is no number counts as not there. */
export function readPage(query: URLSearchParams): PageRequest {
  return { page: clamped(query.get('page'), 1, LAST_PAGE), limit: clamped(query.get('limit'), USUAL_LIMIT, LARGEST_LIMIT) };
}

/** One page as it goes out. */
export function pageBody({ page, limit }: PageRequest, total: number, data: readonly unknown[]) {
  return { data, pagination: { page, limit, total, totalPages: Math.ceil(total / limit) } };
}

function clamped(written: string | null, usual: number, most: number): number {
  return written !== null && /^[+-]?[0-9]+$/.test(written) ? Math.min(Math.max(Number(written), 1), most) : usual;
}
