import { request } from 'undici';
import { z } from 'zod';
import type { Failure } from '../../catalog/admin-api.js';
import { VERSION } from '../../catalog/version.js';
import { readAnswer, textOf } from '../../store/answer.js';
import { parseJson } from '../../store/parse-json.js';
import { countCall } from '../count-call.js';
import type { AppDeps } from '../deps.js';

/** What is asked of Extole's API. */
export interface ExtoleQuestion<Content> {
  readonly method: 'GET' | 'POST';
  /** With the query. */
  readonly path: `/${string}`;
  /** Told to Extole and to nobody else. */
  readonly token: string;
  /** Goes along as JSON. */
  readonly body?: object;
  /** How much of the answer is read. */
  readonly maxBytes: number;
  /** What a 2xx has to hold; with anything else it says nothing of what became of the question. */
  readonly schema: z.ZodType<Content>;
  /** What that is, in words: `an event id`. */
  readonly wanted: string;
}

/** How Extole answered. `status` is that of its answer; `null` when there was none. */
export type ExtoleAnswer<Content> =
  | { readonly kind: 'accepted'; readonly status: number; readonly content: Content }
  | ExtoleTrouble;

/** Why there is nothing to work with. */
export type ExtoleTrouble =
  /** For good: the same will never be taken. */
  | { readonly kind: 'refused'; readonly status: number; readonly failure: ExtoleFailure }
  /** Nothing is taken with this token. */
  | { readonly kind: 'token-refused'; readonly status: number; readonly failure: ExtoleFailure }
  /** Nothing is taken with this token for a while: `retryAfterMs`, if Extole said how long. */
  | {
      readonly kind: 'rate-limited';
      readonly status: number;
      readonly failure: ExtoleFailure;
      readonly retryAfterMs: number | undefined;
    }
  /** It may be taken another time. Whether it was taken this time is not known. */
  | { readonly kind: 'failed'; readonly status: number | null; readonly failure: ExtoleFailure };

/** Extole's code and words, or ours where it had none: nothing in it is personal or secret, and it has no more than 500 characters. */
export type ExtoleFailure = Pick<Failure, 'code' | 'message'>;

/** What is kept of its words. */
const MAX_CHARACTERS = 500;

/** No answer is taken at its word that would have us wait for longer. */
const MAX_RETRY_AFTER_MS = 24 * 3_600_000;

/** Source: Extole, OpenAPI file "Server to Extole", `RestExceptionResponse`. */
const errorSchema = z.object({ code: z.string().regex(/^[a-z0-9_]{1,60}$/), message: z.string().catch('') });

/** A 403 that is about the token and not about what was asked. */
const TOKEN_CODES = new Set(['missing_access_token', 'invalid_access_token', 'expired_access_token']);

/**
 * Asks Extole, once. Settles within `timing.attemptTimeoutMs`, never with an error. A redirect is an answer and not followed: token and
 * personal data go where they were sent.
 *
 * Source: Extole, OpenAPI file "Server to Extole"; "Errors". These disagree on whether a token that is none is answered with 401 or 403.
 */
export async function askExtole<Content>(
  { config, metrics, timing }: Pick<AppDeps, 'config' | 'metrics' | 'timing'>,
  question: ExtoleQuestion<Content>,
): Promise<ExtoleAnswer<Content>> {
  const { path, token, schema, wanted, maxBytes } = question;
  const asked = send(`${config.extoleApiUrl}${path}`, question, timing.attemptTimeoutMs);
  const answer = await readAnswer(asked, maxBytes);
  countCall(metrics, 'extole', answer.failure === undefined ? answer.status : undefined);
  if (answer.failure !== undefined) {
    const failure = noAnswer(answer.failure, timing.attemptTimeoutMs, token);
    return { kind: 'failed', status: null, failure };
  }
  const { status, headers } = answer;
  const content = parseJson(textOf(answer));
  const accepted = schema.safeParse(content);
  if (status >= 200 && status < 300 && accepted.success) {
    return { kind: 'accepted', status, content: accepted.data };
  }
  const failure = failureIn(status, content, token, wanted);
  if (status === 429) {
    return { kind: 'rate-limited', status, failure, retryAfterMs: retryAfterOf(headers.get('retry-after')) };
  }
  if (status === 401 || (status === 403 && TOKEN_CODES.has(failure.code))) {
    return { kind: 'token-refused', status, failure };
  }
  const isForGood = status >= 400 && status < 500 && status !== 408;
  return { kind: isForGood ? 'refused' : 'failed', status, failure };
}

/** What somebody else wrote, fit to be kept and shown: without control characters, and with nothing in it that is personal or secret. */
export function harmless(text: string, token: string): string {
  const masked = text
    .replaceAll(token, '…')
    .replace(/[\p{Cc}\p{Cs}]+/gu, ' ')
    .replace(/\S+(?:@|%40)\S+/gi, '…');
  return Array.from(masked).slice(0, MAX_CHARACTERS).join('').trim();
}

/** Undici's `request` follows no redirects, and takes a quarter of the time of its `fetch`. */
async function send(
  url: string,
  { method, token, body: content }: Pick<ExtoleQuestion<unknown>, 'method' | 'token' | 'body'>,
  timeoutMs: number,
) {
  const { statusCode, headers, body } = await request(url, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'application/json',
      'user-agent': `extole-bigcommerce/${VERSION}`,
      ...(content && { 'content-type': 'application/json' }),
    },
    body: content ? JSON.stringify(content) : null,
    signal: AbortSignal.timeout(timeoutMs),
  });
  const chunks: AsyncIterator<Uint8Array> = body[Symbol.asyncIterator]();
  return {
    url,
    status: statusCode,
    headers: { get: (name: string) => headers[name]?.toString() ?? null },
    body: { getReader: () => ({ read: () => chunks.next(), cancel: async () => void body.destroy() }) },
  };
}

function failureIn(status: number, content: unknown, token: string, wanted: string): ExtoleFailure {
  const told = errorSchema.safeParse(content);
  if (told.success && status >= 400) {
    return { code: told.data.code, message: harmless(told.data.message, token) };
  }
  const what = status >= 200 && status < 300 ? `without ${wanted}` : 'without a reason';
  return {
    code: 'EXTOLE_ANSWER_UNKNOWN',
    message: `Extole answered ${status} ${what}. If that goes on, check that EXTOLE_API_URL leads to Extole's API.`,
  };
}

function noAnswer(reason: string, timeoutMs: number, token: string): ExtoleFailure {
  return reason === 'TIMEOUT'
    ? { code: 'EXTOLE_TIMEOUT', message: `Extole did not answer within ${timeoutMs / 1_000} seconds.` }
    : { code: 'EXTOLE_UNREACHABLE', message: `Extole could not be reached (${harmless(reason, token)}).` };
}

/** @returns Milliseconds, a second at least. Source: RFC 9110, 10.2.3: seconds or a date. */
function retryAfterOf(header: string | null): number | undefined {
  if (header === null) return undefined;
  const waitMs = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return Number.isNaN(waitMs) ? undefined : Math.min(Math.max(waitMs, 1_000), MAX_RETRY_AFTER_MS);
}
