import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import {
  type CodeTestAnswer,
  codeTestBodySchema,
  type PromotionsAnswer,
  type RewardsAnswer,
  type RewardsListAnswer,
  rewardQuerySchema,
  rewardReplayBodySchema,
  rewardSaveBodySchema,
} from '../../catalog/rewards-api.js';
import type { AppDeps } from '../deps.js';
import { listRewards } from './list-rewards.js';
import { promotionsOf } from './promotions.js';
import { replayRewards } from './replay-rewards.js';
import { rewardSummary } from './reward-summary.js';
import { saveRewardSettings } from './save-reward-settings.js';
import { testCode } from './test-code.js';

/** BigCommerce's ids are whole numbers from 1; what is none names nothing. */
const idSchema = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER);
const channelSchema = z.object({ channelId: idSchema });
const promotionSchema = z.object({ promotionId: idSchema });

/** Each makes a code in the store. */
const TESTS_OF_A_USER_A_MINUTE = 20;

/**
 * What the Rewards page shows of a store's rewards, promotions and codes, and what it has done about them. Within `/api`. The log says who had
 * something done; never with which code.
 */
export function rewardsRoutes(app: FastifyInstance, deps: AppDeps): void {
  app.get('/rewards', ({ session }): Promise<RewardsAnswer> => rewardSummary(deps, session.storeHash));

  app.put('/rewards/channels/:channelId', async ({ params, body, session, log }, reply) => {
    const { storeHash, userId } = session;
    const { channelId } = channelSchema.parse(params);
    const answer = await saveRewardSettings(deps, session, channelId, rewardSaveBodySchema.parse(body));
    if ('current' in answer) return reply.code(409).send(answer);
    const { revision } = answer;
    log.info({ storeHash, userId, channelId, revision }, 'reward settings were saved');
    return answer;
  });

  app.get('/promotions', async ({ query, session }): Promise<PromotionsAnswer> => {
    const { channelId } = channelSchema.parse(query);
    return promotionsOf(deps, session.storeHash, channelId);
  });

  app.post(
    '/promotions/:promotionId/test',
    { config: { rateLimit: { max: TESTS_OF_A_USER_A_MINUTE } } },
    async ({ params, body, session, log }): Promise<CodeTestAnswer> => {
      const { storeHash, userId } = session;
      const { promotionId } = promotionSchema.parse(params);
      const { channelId } = codeTestBodySchema.parse(body);
      const answer = await testCode(deps, storeHash, channelId, promotionId);
      log.info({ storeHash, userId, channelId, promotionId }, 'a coupon code was made and deleted as a test');
      return answer;
    },
  );

  app.get(
    '/reward-codes',
    async ({ query, session }): Promise<RewardsListAnswer> =>
      listRewards(deps, session.storeHash, rewardQuerySchema.parse(query)),
  );

  app.post('/rewards/replay', async ({ body, session, log }, reply) => {
    const { storeHash, userId } = session;
    const answer = await replayRewards(deps, storeHash, rewardReplayBodySchema.parse(body));
    log.info({ storeHash, userId, ...answer }, 'rewards are worked at again');
    return reply.code(202).send(answer);
  });
}
