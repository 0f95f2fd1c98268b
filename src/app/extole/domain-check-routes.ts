import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type DomainCheckAnswer, domainCheckBodySchema } from '../../catalog/admin-api.js';
import type { AppDeps } from '../deps.js';
import { requireChannel } from '../stores/require-channel.js';
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
      const { url } = await requireChannel(deps.db, session.storeHash, channelId);
      return checkProgramDomain(deps, programDomain, url && new URL(url).origin);
    },
  );
}
