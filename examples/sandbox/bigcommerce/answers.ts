import { z } from 'zod';
import type { StoreContent } from './store-content.js';

/** A refusal, in BigCommerce's shape: `errors` says which member is wrong, and how. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly errors: Readonly<Record<string, string>> = {},
  ) {
    super(title);
  }

  /** The body of the answer. */
  toAnswer(): object {
    return { status: this.status, title: this.title, type: STATUS_CODES, errors: this.errors };
  }
}

const UNFIT = 'JSON data is missing or invalid';
const STATUS_CODES = 'https://developer.bigcommerce.com/api-docs/getting-started/api-status-codes';

/** 404. */
export const notFound = (what: string): ApiError => new ApiError(404, `${what} not found.`);

/** 422, and which member of the body or parameter of the query does not fit. */
export const invalid = (member: string, message: string): ApiError =>
  new ApiError(422, UNFIT, { [member]: message });

/** 403, in BigCommerce's words: they do not say which scope is missing. */
export const outOfScope = (): ApiError =>
  new ApiError(403, "You don't have a required scope to access the endpoint");

/**
 * Reads what a request says, on top of what is already there.
 *
 * @param existing - The defaults of a new record, or the record that is to be changed.
 * @throws {ApiError} 422 that names each member that does not fit.
 */
export function readFields<T>(schema: z.ZodType<T>, body: unknown, existing: object = {}): T {
  const said = z.record(z.string(), z.unknown()).safeParse(body);
  if (!said.success) throw new ApiError(422, UNFIT);
  const read = schema.safeParse({ ...existing, ...said.data });
  if (read.success) return read.data;
  const errors = read.error.issues.map(({ path, message }) => [path.join('.'), message]);
  throw new ApiError(422, UNFIT, Object.fromEntries(errors));
}

/** @throws {ApiError} 422 when the store has no such channel. */
export function requireChannel({ channels }: StoreContent, id: number): void {
  if (!channels.has(id)) throw invalid('channel_id', `There is no channel ${id}.`);
}

/** Which page of a list, and how long pages are. */
export const PAGE = z.object({
  page: z.coerce.number().int().min(1).default(1),
  limit: z.coerce.number().int().min(1).max(250).default(50),
});

/** Query parameters as they came. */
export type Query = Readonly<Record<string, string>>;

/** How a query parameter chooses among records: what of a record it is compared with. */
export type Filters<R> = Readonly<Record<string, (record: R) => string | number | boolean>>;

/**
 * Answers a list: the records that all filters let through, one page of them. A parameter whose name ends in `:in` is a list
 * separated by commas.
 *
 * @throws {ApiError} 422 for a page or limit that can't be, and for a parameter that the stand-in does not have: a filter that is
 *   passed over would answer with too much.
 */
export function answerList<R>(
  query: Query,
  records: Iterable<R>,
  filters: Filters<R>,
  toAnswer: (record: R) => object,
): object {
  const { page, limit } = readFields(PAGE, query);
  const { page: _page, limit: _limit, ...chosen } = query;
  let kept = [...records];
  for (const [name, value] of Object.entries(chosen)) {
    const memberOf = filters[name];
    if (!memberOf) throw invalid(name, 'Unknown query parameter.');
    const wanted = name.endsWith(':in') ? value.split(',') : [value];
    kept = kept.filter((record) => wanted.includes(String(memberOf(record))));
  }
  const shown = kept.slice((page - 1) * limit, page * limit);
  return {
    data: shown.map(toAnswer),
    meta: { pagination: pagination({ page, limit, total: kept.length, count: shown.length }, chosen) },
  };
}

/**
 * What a list's `meta` says of a page of it.
 *
 * @param chosen - What else the links ask for.
 */
export function pagination(
  { page, limit, total, count }: Readonly<Record<'page' | 'limit' | 'total' | 'count', number>>,
  chosen: Query,
): object {
  const pages = Math.ceil(total / limit);
  const linkTo = (to: number): string =>
    `?${new URLSearchParams({ ...chosen, page: `${to}`, limit: `${limit}` })}`;
  return {
    total,
    count,
    per_page: limit,
    current_page: page,
    total_pages: pages,
    links: {
      ...(page > 1 && { previous: linkTo(page - 1) }),
      current: linkTo(page),
      ...(page < pages && { next: linkTo(page + 1) }),
    },
  };
}

/** Answers one record. */
export const answerOne = (data: object): object => ({ data, meta: {} });
