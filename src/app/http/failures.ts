import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ZodError } from 'zod';
import type { Failure } from '../../catalog/admin-api.js';
import { StoreError } from '../../store/store-error.js';
import { AppError } from '../app-error.js';
import { failureOf } from '../provision/failure.js';
import { failurePage } from './failure-page.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether people see the answer, so that a failure has to be a page. */
    readonly isPage?: boolean;
  }
}

/** What Fastify and its plugins refuse by themselves, by status. */
const REFUSALS: Readonly<Record<number, { code: string; message: string }>> = {
  413: { code: 'BODY_TOO_LARGE', message: 'that is more than the app takes in one request. Send less.' },
  415: { code: 'BODY_NOT_JSON', message: 'the app takes JSON. Send it as application/json.' },
  429: {
    code: 'TOO_MANY_REQUESTS',
    message: 'too many requests came in a short time. Try again in a minute.',
  },
};
const MALFORMED = { code: 'REQUEST_INVALID', message: 'the app does not understand that request.' };

/**
 * Answers every failure of every route: with a `Failure`, or with a page where people see it. An `AppError` says what it is answered with;
 * input that no schema takes is `422 INPUT_INVALID`; what befalls a call to BigCommerce is 502; what nobody foresaw is `500 INTERNAL`, and
 * only the log tells more.
 */
export function answerFailures(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => {
    const { status, failure } = toAnswer(error);
    if (status >= 500) request.log.error({ err: error }, 'a request failed');
    return send(request, reply, status, failure);
  });
  app.setNotFoundHandler((request, reply) =>
    send(request, reply, 404, { code: 'NOT_FOUND', message: 'there is nothing at this address.' }),
  );
}

/** Answers an address that no route can be found for, since it can't be read. No hook runs for it, nor those that set headers. */
export function answerUnreadable(_error: unknown, _request: FastifyRequest, reply: FastifyReply): void {
  reply
    .code(400)
    .header('x-content-type-options', 'nosniff')
    .send(MALFORMED satisfies Failure);
}

function send(request: FastifyRequest, reply: FastifyReply, status: number, failure: Failure): FastifyReply {
  reply.code(status).header('cache-control', 'no-store');
  if (!request.routeOptions.config?.isPage) return reply.type('application/json').send(failure);
  return reply.type('text/html; charset=utf-8').send(failurePage(failure, reply.cspNonce.style));
}

function toAnswer(error: unknown): { status: number; failure: Failure } {
  if (error instanceof AppError) return { status: error.status, failure: failureOf(error) };
  if (error instanceof StoreError) return { status: 502, failure: failureOf(error) };
  if (error instanceof ZodError) return { status: 422, failure: inputInvalid(error) };
  const status = statusOf(error);
  if (status >= 500) return { status: 500, failure: failureOf(error) };
  return { status, failure: REFUSALS[status] ?? MALFORMED };
}

function inputInvalid({ issues }: ZodError): Failure {
  const told = issues.slice(0, 50).map((issue) => ({
    path: issue.path.join('.').slice(0, 200),
    // Names that the app does not know may be anything, a secret in the wrong place too: they are not repeated.
    message:
      issue.code === 'unrecognized_keys'
        ? 'It has members that the app does not know.'
        : issue.message.slice(0, 200),
  }));
  return {
    code: 'INPUT_INVALID',
    message: 'something that was sent is not as it has to be. Mend what is named, and send it again.',
    issues: told,
  };
}

/** Fastify's own errors say which status they mean. */
function statusOf(error: unknown): number {
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' && status >= 400 ? status : 500;
}
