import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Failure } from '../../catalog/admin-api.js';
import type { AppDeps } from '../deps.js';
import { acceptedEncoding } from './accepted-encoding.js';
import { createSdkCache } from './sdk-cache.js';

const YEAR_SECONDS = 31_536_000;

/** A version may be asked for before it is there, and must not be missing for long. */
const MISSING_SECONDS = 60;

/** No other name is looked for. */
const paramsSchema = z.object({
  version: z
    .string()
    .regex(/^\d+\.\d+\.\d+(-[\w.]+)?$/)
    .max(40),
  name: z
    .string()
    .regex(/^extole-storefront(-[a-z-]+)?\.js$/)
    .max(80),
});

/** Pages of any origin load them, as scripts and as modules, and may time them. */
const FOR_EVERY_PAGE = {
  'access-control-allow-origin': '*',
  'cross-origin-resource-policy': 'cross-origin',
  'timing-allow-origin': '*',
  'x-content-type-options': 'nosniff',
};

/** `GET /sdk/:version/:name`: the files of the storefront SDK, of this version and of those before. They never change. */
export function sdkRoutes(app: FastifyInstance, { db }: AppDeps): void {
  const readFile = createSdkCache(db);
  app.get('/sdk/:version/:name', async ({ params, headers }, reply) => {
    reply.headers(FOR_EVERY_PAGE);
    const asked = paramsSchema.safeParse(params).data;
    const file = asked && (await readFile(asked.version, asked.name));
    if (!file) {
      return reply
        .code(404)
        .header('cache-control', `public, max-age=${MISSING_SECONDS}`)
        .send({
          code: 'SDK_FILE_UNKNOWN',
          message: 'there is no such file of the storefront SDK, or no such version.',
        } satisfies Failure);
    }
    const encoding = acceptedEncoding(headers['accept-encoding']);
    // Each form is a representation of its own, and has an ETag of its own. Source: RFC 9110, 8.8.3.3.
    const etag = `"${file.hash}-${encoding}"`;
    reply.headers({
      'cache-control': `public, max-age=${YEAR_SECONDS}, immutable`,
      vary: 'Accept-Encoding',
      etag,
    });
    if (isKnown(headers['if-none-match'], etag)) return reply.code(304).send();
    if (encoding !== 'identity') reply.header('content-encoding', encoding);
    return reply.type('text/javascript; charset=utf-8').send(file.bodies[encoding]);
  });
}

/** Source: RFC 9110, 13.1.2 "If-None-Match". */
const isKnown = (header: string | undefined, etag: string): boolean =>
  (header ?? '').split(',').some((one) => ['*', etag].includes(one.trim().replace(/^W\//, '')));
