import { z } from 'zod';
import { invalid, PAGE, pagination, type Query, readFields } from './answers.js';
import type { CouponCodeRecord } from './promotions.js';

const LIST = PAGE.extend({
  before: z.string().optional(),
  after: z.string().optional(),
  code: z.string().optional(),
}).strict();

/**
 * Answers a list of codes, one page of it: by a cursor, or by the page's number, which BigCommerce means to give up. There is a link to the next
 * page as long as there is a code, on the last page too.
 *
 * Source: BigCommerce, promotions.v3.yml, CursorPagination.
 *
 * @throws {ApiError} 422 for a parameter that is unknown, for a cursor that is none, and for two ways of paging at once.
 */
export function listCodes(
  codes: readonly CouponCodeRecord[],
  query: Query,
  toAnswer: (code: CouponCodeRecord) => object,
): object {
  const { page, limit, before, after, code } = readFields(LIST, query);
  if ([before, after, query.page].filter((one) => one !== undefined).length > 1)
    throw invalid('page', 'There is one way of paging at a time.');
  const kept = codes.filter((one) => code === undefined || one.code === code);
  const isPaged = before === undefined && after === undefined;
  const shown = isPaged
    ? kept.slice((page - 1) * limit, page * limit)
    : before === undefined
      ? kept.filter(({ id }) => id > idOf(after)).slice(0, limit)
      : kept.filter(({ id }) => id < idOf(before)).slice(-limit);
  return {
    data: shown.map(toAnswer),
    meta: {
      ...(isPaged && {
        pagination: pagination({ page, limit, total: kept.length, count: shown.length }, {}),
      }),
      ...(query.page === undefined && { cursor_pagination: cursorPagination(kept, shown, limit) }),
    },
  };
}

function cursorPagination(
  kept: readonly CouponCodeRecord[],
  shown: readonly CouponCodeRecord[],
  limit: number,
): object {
  const [first] = shown;
  const last = shown.at(-1);
  return {
    count: kept.length,
    per_page: limit,
    ...(first && last && { start_cursor: cursorOf(first), end_cursor: cursorOf(last) }),
    links: {
      ...(first && first !== kept[0] && { previous: `?limit=${limit}&before=${cursorOf(first)}` }),
      ...(last && { next: `?limit=${limit}&after=${cursorOf(last)}` }),
    },
  };
}

const CURSOR = z.object({ id: z.string().regex(/^\d+$/) });

const cursorOf = ({ id }: CouponCodeRecord): string =>
  Buffer.from(JSON.stringify({ id: `${id}` })).toString('base64url');

function idOf(cursor = ''): number {
  try {
    return Number(CURSOR.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString())).id);
  } catch {
    throw invalid('cursor', 'Is none.');
  }
}
