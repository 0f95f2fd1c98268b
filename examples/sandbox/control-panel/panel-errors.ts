import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ApiError } from '../bigcommerce/answers.js';

/** Has a page of forms say what was not taken, above all else that it shows. */
export function handlePageErrors(
  routes: FastifyInstance,
  send: (request: FastifyRequest, reply: FastifyReply, notice: string) => FastifyReply,
): void {
  routes.setErrorHandler((error, request, reply) => {
    if (error instanceof ApiError) {
      const why = [error.title, ...Object.values(error.errors)].join(' ');
      return send(request, reply.code(error.status), why);
    }
    if (error instanceof z.ZodError) return send(request, reply.code(400), z.prettifyError(error));
    console.error(error);
    return reply.code(500).type('text/plain; charset=utf-8').send(`${error}`);
  });
}
