import ky, { HTTPError, type KyInstance } from 'ky';
import { z } from 'zod';
import { BigCommerceError, type BigCommerceErrorCode } from './bigcommerce-error.js';
import { connectionCode } from './connection-code.js';
import { parseJson } from './parse-json.js';
import { StoreError } from './store-error.js';
import { MAX_WAIT_MS, queueOf, type StoreQueue } from './store-queue.js';

/** Which store, on whose behalf, and how patiently. */
export interface BigCommerceOptions {
  /** BigCommerce's id of the store, as in `store-<hash>.mybigcommerce.com`. */
  readonly storeHash: string;
  /** The access token of an API account of the store, or of an app that it installed. */
  readonly accessToken: string;
  /** Where the API is. `https://api.bigcommerce.com` unless said otherwise. */
  readonly apiUrl?: string;
  /** The longest wait for one attempt to be answered. 15 seconds unless said otherwise. */
  readonly attemptTimeoutMs?: number;
  /** The longest that a call may take in all, with its turn in the queue and its retries. 2 minutes unless said otherwise. */
  readonly totalTimeoutMs?: number;
  /** The pause before a retry, which counts from 1. Doubles from half a second, with jitter, unless said otherwise. */
  readonly retryDelayMs?: (retry: number) => number;
  /** Told of each attempt once it is over. A promise that it answers with is waited for, and never rejects. */
  readonly onAttempt?: (attempt: Attempt) => unknown;
}

/** One attempt at a call, as a log may show it: without headers and bodies, and so without secrets. */
export interface Attempt {
  /** `PUT /v3/content/scripts/…` with its query. */
  readonly call: string;
  /** From 1. */
  readonly number: number;
  readonly durationMs: number;
  /** The HTTP status; `undefined` where no answer came. */
  readonly status: number | undefined;
  /** How many requests the store has left in this window, where BigCommerce says so. */
  readonly requestsLeft: string | undefined;
}

/** A call as `BigCommerceApi.send` takes it. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** From the version on: `/v3/content/scripts`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean>>;
  readonly body?: object;
  /**
   * Whether it may be made twice without harm. Otherwise it is repeated only where it surely was not carried out. By default
   * all but POST.
   */
  readonly isRepeatable?: boolean;
  /** What no message and no log may quote, wherever in the call or its answer it stands. The access token is always among it. */
  readonly secrets?: readonly string[];
}

const RETRY_LIMIT = 4;
const PAGE_SIZE = 250;
const REPEATED_STATUSES = [429, ...Array.from({ length: 100 }, (_, index) => 500 + index)];
// What Node's fetch says when it found nobody to send the request to.
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

const SPENT = "The store's quota is spent by all of its apps together. Try again in a minute.";

/** What became of a call so far. */
interface Course {
  attempts: number;
  /** Whether BigCommerce may have carried it out. */
  mayHaveArrived: boolean;
}

const pageSchema = z.object({
  data: z.array(z.unknown()),
  meta: z.object({ pagination: z.object({ total_pages: z.number().optional() }).optional() }).optional(),
});

const errorBodySchema = z.object({
  title: z.string().optional(),
  // The Promotions API's are a list.
  errors: z
    .union([z.record(z.string(), z.unknown()), z.array(z.looseObject({ title: z.string().optional() }))])
    .optional(),
});

/**
 * BigCommerce's REST API of one store: how a call is made, repeated and understood. Which calls there are is
 * `bigcommerce-client.ts`'s.
 */
export class BigCommerceApi {
  readonly #options: BigCommerceOptions;
  readonly #http: KyInstance;
  readonly #queue: StoreQueue;

  /** @throws {StoreError} `CREDENTIALS_INVALID`, without what was given. */
  constructor(options: BigCommerceOptions) {
    const apiUrl = (options.apiUrl ?? 'https://api.bigcommerce.com').replace(/\/$/, '');
    // A header that can't be sent would be quoted by whoever refuses it.
    const unfit =
      (!/^[\x21-\x7e]+$/.test(options.accessToken) && 'access token') ||
      (!/^[\w-]+$/.test(options.storeHash) && 'store hash') ||
      (!/^https?:\/\/[^\s/]/.test(apiUrl) && 'address of the API');
    if (unfit)
      throw new StoreError(
        'CREDENTIALS_INVALID',
        `that is no ${unfit}. Copy it again, without what stands around it.`,
      );
    this.#options = options;
    this.#queue = queueOf(apiUrl, options.storeHash);
    this.#http = ky.create({
      prefixUrl: `${apiUrl}/stores/${options.storeHash}`,
      headers: { 'x-auth-token': options.accessToken, accept: 'application/json' },
      timeout: options.attemptTimeoutMs ?? 15_000,
      // A redirect would carry the token to wherever it leads.
      redirect: 'error',
    });
  }

  /**
   * Makes a call and reads its answer.
   *
   * Waits for its turn in the store's queue. Repeats what 429, 5xx, the network or a timeout kept from an answer, and what is
   * not repeatable only after a 429 or when nobody was there to take it. A 404 is what a repeated DELETE wants to hear.
   *
   * @param schema - What the answer has to hold. An empty answer is `undefined` to it.
   * @throws {BigCommerceError} Any of its codes.
   */
  async send<T>(call: Call, schema: z.ZodType<T>): Promise<T> {
    const text = await this.#text(call);
    const parsed = schema.safeParse(text === '' ? undefined : parseJson(text));
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw new BigCommerceError({
      code: 'BIGCOMMERCE_ANSWER_INVALID',
      message: `${nameOf(call)} was answered with something else than BigCommerce documents: ${issue?.path.join('.') || 'the answer'}: ${issue?.message}. Nothing was read from it. Check that the address of the API is right.`,
      call: nameOf(call),
      isOutcomeUnknown: call.method !== 'GET',
    });
  }

  /**
   * Reads a list to its end, page by page.
   *
   * @param schema - What each item has to hold.
   * @throws {BigCommerceError} Any of its codes.
   */
  async list<T>(path: string, query: NonNullable<Call['query']>, schema: z.ZodType<T>): Promise<T[]> {
    const items: T[] = [];
    for (let page = 1, pages = 1; page <= pages; page += 1) {
      const call: Call = { method: 'GET', path, query: { ...query, page, limit: PAGE_SIZE } };
      // An empty list may be answered with 204 and no body.
      const answer = await this.send(call, pageSchema.extend({ data: z.array(schema) }).optional());
      items.push(...(answer?.data ?? []));
      pages = answer?.meta?.pagination?.total_pages ?? 1;
    }
    return items;
  }

  async #text(call: Call): Promise<string> {
    const { totalTimeoutMs = 120_000 } = this.#options;
    const signal = AbortSignal.timeout(totalTimeoutMs);
    const course: Course = { attempts: 0, mayHaveArrived: false };
    try {
      return await this.#queue.run(() => this.#request(call, course, signal), signal);
    } catch (error) {
      if (isHttpError(error)) {
        if (call.method === 'DELETE' && error.response.status === 404) return '';
        throw await this.#refusal(call, error);
      }
      if (course.attempts === 0) {
        throw new BigCommerceError({
          code: 'BIGCOMMERCE_RATE_LIMITED',
          message: `${nameOf(call)} did not get its turn within ${totalTimeoutMs} ms. ${SPENT}`,
          call: nameOf(call),
        });
      }
      const reason = signal.aborted ? `no answer within ${totalTimeoutMs} ms` : reasonOf(error);
      throw new BigCommerceError({
        code: 'BIGCOMMERCE_UNAVAILABLE',
        message: `${nameOf(call)} was not answered: ${reason}. ${reason === 'ENOTFOUND' ? 'Check the address of the API, and the network.' : 'Try again later.'}`,
        call: nameOf(call),
        isOutcomeUnknown: call.method !== 'GET' && course.mayHaveArrived,
      });
    }
  }

  async #request(call: Call, course: Course, signal: AbortSignal): Promise<string> {
    const isRepeatable = call.isRepeatable ?? call.method !== 'POST';
    const response = await this.#http(call.path.slice(1), {
      method: call.method,
      ...(call.query && { searchParams: call.query }),
      ...(call.body && { json: call.body }),
      signal,
      fetch: (input, init) => this.#attempt(call, course, () => fetch(input, init)),
      retry: {
        limit: RETRY_LIMIT,
        methods: ['get', 'post', 'put', 'delete'],
        statusCodes: REPEATED_STATUSES,
        afterStatusCodes: REPEATED_STATUSES,
        retryOnTimeout: true,
        delay: this.#options.retryDelayMs ?? defaultRetryDelayMs,
        maxRetryAfter: MAX_WAIT_MS,
        shouldRetry: ({ error }) => {
          const wasNotCarriedOut = isHttpError(error)
            ? error.response.status === 429
            : !course.mayHaveArrived;
          return isRepeatable || wasNotCarriedOut ? undefined : false;
        },
      },
    });
    return response.text();
  }

  /** Makes one attempt and reads its answer to the end, so that both are within the attempt's time. */
  async #attempt(call: Call, course: Course, request: () => Promise<Response>): Promise<Response> {
    course.attempts += 1;
    const startedAt = performance.now();
    const tell = async (response?: Response): Promise<unknown> =>
      this.#options.onAttempt?.({
        call: this.#redacted(
          call,
          `${nameOf(call)}${call.query ? `?${new URLSearchParams(textsOf(call.query))}` : ''}`,
        ),
        number: course.attempts,
        durationMs: Math.round(performance.now() - startedAt),
        status: response?.status,
        requestsLeft: response?.headers.get('x-rate-limit-requests-left') ?? undefined,
      });
    try {
      const response = await request();
      // Whatever comes of the body: a 429 is the only answer that says for sure that nothing was done.
      course.mayHaveArrived ||= response.status !== 429;
      const text = await response.text();
      this.#queue.heed(response.headers);
      await tell(response);
      return new Response(text || null, { status: response.status, headers: withRetryAfter(response) });
    } catch (error) {
      course.mayHaveArrived ||= !wasNeverSent(error);
      await tell();
      throw error;
    }
  }

  async #refusal(call: Call, { response }: HTTPError): Promise<BigCommerceError> {
    const { status } = response;
    const body = errorBodySchema.safeParse(parseJson(await response.text().catch(() => '')));
    const { title, errors = {} } = body.success ? body.data : {};
    const complaints = Array.isArray(errors)
      ? errors.map((one) => one.title)
      : Object.entries(errors).map(([field, said]) => `${field}: ${said}`);
    const words = [title, ...complaints].filter(Boolean);
    const quoted = words.length > 0 ? ` "${this.#harmless(call, words.join('; '))}"` : '';
    const { code, todo } = adviceFor(status, call);
    return new BigCommerceError({
      code,
      message: `${nameOf(call)} was answered with ${status}${quoted}. ${todo}`,
      call: nameOf(call),
      status,
      fields: Array.isArray(errors) ? [] : Object.keys(errors),
      isOutcomeUnknown: status >= 500 && call.method !== 'GET',
    });
  }

  /** BigCommerce's own words, short enough for one line, and never with a secret in them. */
  #harmless(call: Call, words: string): string {
    const line = this.#redacted(call, words).replace(/\p{Cc}+/gu, ' ');
    return line.length > 300 ? `${line.slice(0, 300)}…` : line;
  }

  #redacted({ secrets = [] }: Call, text: string): string {
    return [this.#options.accessToken, ...secrets].reduce(
      (rest, secret) => rest.replaceAll(secret, '[redacted]'),
      text,
    );
  }
}

const defaultRetryDelayMs = (retry: number): number => 500 * 2 ** (retry - 1) * (0.5 + Math.random() / 2);

const nameOf = ({ method, path }: Call): string => `${method} ${path}`;

const textsOf = (query: NonNullable<Call['query']>): Record<string, string> =>
  Object.fromEntries(Object.entries(query).map(([name, value]) => [name, `${value}`]));

function isHttpError(error: unknown): error is HTTPError {
  return error instanceof HTTPError;
}

/**
 * How long to wait is said in headers of BigCommerce's own. What the HTTP client reads is HTTP's, in seconds.
 *
 * Source: BigCommerce, "API Rate Limits": `X-Rate-Limit-Time-Reset-Ms`, sometimes `X-Retry-After`.
 */
function withRetryAfter({ status, headers: answered }: Response): Headers {
  const headers = new Headers(answered);
  const resetMs = Number(answered.get('x-rate-limit-time-reset-ms'));
  const afterSeconds =
    answered.get('x-retry-after') ?? (status === 429 && resetMs > 0 ? `${resetMs / 1_000}` : null);
  if (afterSeconds !== null) headers.set('retry-after', afterSeconds);
  return headers;
}

function wasNeverSent(error: unknown): boolean {
  return NEVER_SENT.has(connectionCode(error) ?? '');
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if (error.name === 'TimeoutError') return 'no answer in time';
  return connectionCode(error) ?? error.message;
}

/** Which OAuth scope a call needs, by its path; the first that fits. Source: BigCommerce, "API Accounts", and each API's file. */
const SCOPES: readonly (readonly [path: RegExp, scope: string])[] = [
  [/^\/v3\/content\//, 'Content: modify (store_v2_content)'],
  [/^\/v3\/channels\/\d+\/site$/, 'Sites & Routes: read-only (store_sites_read_only)'],
  [/^\/v3\/channels/, 'Channel Settings: read-only (store_channel_settings_read_only)'],
  [/^\/v2\/order_statuses|^\/v[23]\/orders/, 'Orders: read-only (store_v2_orders_read_only)'],
  [/^\/v3\/promotions/, 'Marketing: modify (store_v2_marketing)'],
  [/^\/v3\/catalog\//, 'Products: read-only (store_v2_products_read_only)'],
  [/^\/v2\/store/, 'Information & Settings: read-only (store_v2_information_read_only)'],
];

function adviceFor(status: number, { method, path }: Call): { code: BigCommerceErrorCode; todo: string } {
  if (status === 401) {
    return {
      code: 'BIGCOMMERCE_UNAUTHORIZED',
      todo: 'The access token is not valid for this store. Check the store hash and the token, or make a new API account.',
    };
  }
  if (status === 403) {
    const scope = SCOPES.find(([pattern]) => pattern.test(path))?.[1] ?? 'that the call needs';
    return {
      code: 'BIGCOMMERCE_SCOPE_MISSING',
      todo: `The API account lacks an OAuth scope: ${scope}. Scopes can't be added to an account that exists; make a new one with it.`,
    };
  }
  if (status === 404) {
    return { code: 'BIGCOMMERCE_NOT_FOUND', todo: 'It was deleted meanwhile, or the store hash is wrong.' };
  }
  if (status === 429) {
    return { code: 'BIGCOMMERCE_RATE_LIMITED', todo: SPENT };
  }
  if (status >= 500) {
    return { code: 'BIGCOMMERCE_UNAVAILABLE', todo: 'BigCommerce has trouble. Try again later.' };
  }
  return {
    code: 'BIGCOMMERCE_REFUSED',
    todo: method === 'GET' ? 'BigCommerce does not take the question.' : 'Nothing was changed by this call.',
  };
}
