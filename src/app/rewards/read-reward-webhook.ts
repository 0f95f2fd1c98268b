import { z } from 'zod';
import { parseJson } from '../../store/parse-json.js';
import { rewardIdSchema } from '../extole/rewards.js';

/**
 * All that is read of a reward webhook: what is true of the reward is asked of Extole.
 *
 * Source: Extole, "Reward Webhooks": `{ reward_id, data: { … } }`; "Events", `reward_earned`: flat, with `reward_id` among its members.
 */
const webhookSchema = z.object({ reward_id: rewardIdSchema });

/** @returns The reward that a webhook is about; `undefined` when that can't be read. */
export const readRewardWebhook = (body: string): string | undefined =>
  webhookSchema.safeParse(parseJson(body)).data?.reward_id;
