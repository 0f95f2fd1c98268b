import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type DomainCheckAnswer, domainCheckBodySchema } from '../../catalog/admin-api.js';
import { AppError } from '../app-error.js';
import type { AppDeps } from '../deps.js';
import { checkProgramDomain } from './program-domain-check.js';

/** For each store. Each check has us ask somebody else's host; whoever types needs one for each pause. */
const CHECKS_PER_MINUTE = 30;

const rateLimit = {
  max: CHECKS_PER_MINUTE,
  timeWindow: '1 minute',
  keyGenerator: ({ session }: FastifyRequest): string => session.storeHash,
};

/** `POST /checks/program-domain`, within `/api`. */
export function domainCheckRoutes(app: FastifyInstance, deps: AppDeps): void {
  app.post(
    '/checks/program-domain',
    { config: { rateLimit } },
    async ({ body, session }): Promise<DomainCheckAnswer> => {
      const { programDomain, channelId } = domainCheckBodySchema.parse(body);
      const channel = await deps.db
        .selectFrom('channel')
        .select('url')
        .where('store_hash', '=', session.storeHash)
        .where('channel_id', '=', channelId)
        .executeTakeFirst();
      if (!channel) {
        throw new AppError(
          'CHANNEL_UNKNOWN',
          `the store has no storefront with the channel id ${channelId}. Load the page again.`,
          404,
        );
      }
      return checkProgramDomain(deps, programDomain, channel.url && new URL(channel.url).origin);
    },
  );
}
