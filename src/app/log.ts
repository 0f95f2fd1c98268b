import type { FastifyBaseLogger } from 'fastify';
import { type DestinationStream, pino } from 'pino';
import { StoreError } from '../store/store-error.js';
import { AppError } from './app-error.js';

/** Headers that are secrets, wherever somebody logs some. */
const SECRET_HEADERS = ['authorization', 'cookie', 'set-cookie', 'x-auth-token', 'x-extole-webhook-secret'];

/**
 * Makes the app's log: a line of JSON for each entry, to standard output unless said otherwise. Requests are told by method and path,
 * since `code` and `signed_payload_jwt` stand in queries; of failures that are not ours, the text is told without what it quotes.
 *
 * @param level - `info` and so on; `silent` for none.
 */
export function createLog(level: string, destination?: DestinationStream): FastifyBaseLogger {
  const options = {
    level,
    base: null,
    redact: {
      paths: SECRET_HEADERS.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.headers["${name}"]`]),
      censor: '[redacted]',
    },
    serializers: { req: requestEntry, res: responseEntry, err: errorEntry },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** The path of an address, without its query. */
export const pathOf = (url: string): string => url.split(/[?#]/, 1)[0] ?? '';

const requestEntry = ({ method, url }: { method: string; url: string }) => ({ method, path: pathOf(url) });

const responseEntry = ({ statusCode }: { statusCode: number }) => ({ status: statusCode });

/** What a log may hold of an error: none of its members but `code`, since pg keeps rows there and HTTP clients keep headers. */
function errorEntry(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const isOurs = error instanceof AppError || error instanceof StoreError;
  return {
    type: error.name,
    ...('code' in error && typeof error.code === 'string' && { code: error.code }),
    message: isOurs ? error.message : harmless(error.message),
    stack: framesOf(error),
    ...(error.cause instanceof Error && { cause: errorEntry(error.cause) }),
  };
}

/** Where it happened. The lines before that repeat the message. */
const framesOf = ({ stack = '' }: Error): string =>
  stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');

/** A message without what may be somebody's: quoted values, e-mail addresses, and whatever is as long as a token. */
function harmless(message: string): string {
  return message
    .replace(/"[^"]*"/g, '"…"')
    .replace(/\S+@\S+/g, '…')
    .replace(/[\w+/=-]{24,}/g, '…')
    .slice(0, 300);
}
