import type { BigCommerceClient } from '../../store/bigcommerce-client.js';
import type { AppDeps } from '../deps.js';
import type { ClaimedReward } from './claim-reward.js';
import { findCodes, isUnused } from './find-codes.js';
import { checkTime, codeOf, noteDeleted, noteMade } from './reward-code.js';

/**
 * Deletes the code of a reward that has it no more, if there is one. One that somebody used stays. One that BigCommerce may still make, since an answer
 * was lost, is looked for once more some minutes later.
 *
 * @throws {TakenOverError}
 * @throws {BigCommerceError} Any of its codes: it is still the reward's, and is taken back by the next try.
 */
export async function takeBack(
  deps: Pick<AppDeps, 'db' | 'now' | 'timing'>,
  client: BigCommerceClient,
  reward: ClaimedReward,
): Promise<void> {
  const code = await codeOf(deps.db, reward);
  if (!code) return;
  const wasAsked = code.state === 'made' || code.asked_count > 0;
  const found = wasAsked ? await findCodes(client, code) : [];
  for (const one of found.filter(isUnused)) await client.deletePromotionCode(code.promotion_id, one.id);

  const used = found.find((one) => !isUnused(one));
  if (!used) {
    const mayCome = wasAsked && (code.state === 'asked' || found.length === 0);
    await noteDeleted(deps, deps.db, reward, code, mayCome ? checkTime(deps) : code.check_at);
  } else if (code.state === 'asked') {
    await noteMade(deps, reward, code, { code: used.code, bigcommerceId: used.id });
  }
}
