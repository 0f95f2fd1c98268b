import type { RewardSettings } from '../../catalog/rewards.js';
import type { BigCommerceClient } from '../../store/bigcommerce-client.js';
import { BigCommerceError } from '../../store/bigcommerce-error.js';
import type { AppDeps } from '../deps.js';
import { askForCode, type MadeCode } from './ask-for-code.js';
import type { ClaimedReward } from './claim-reward.js';
import { findCodes } from './find-codes.js';
import {
  type CodeSource,
  codesTaken,
  drawAgain,
  MAX_DRAWS,
  noteAsked,
  noteMade,
  noteRefused,
  type RewardCode,
} from './reward-code.js';

/**
 * Has BigCommerce make the code of a reward, unless it is there. Whatever was asked for before without an answer is looked for first, and is asked for
 * again only where it is not found. Settles when our tables say that it is made.
 *
 * @returns The code; `undefined`: BigCommerce makes none of this promotion, and that does not pass.
 * @throws {TakenOverError}
 * @throws {AppError} `COUPON_CODES_TAKEN`, `COUPON_CODE_MISSING`
 * @throws {BigCommerceError} Any of its codes. Where it may have been made all the same, the next try finds it.
 */
export async function makeCode(
  deps: Pick<AppDeps, 'db' | 'now' | 'timing'>,
  client: BigCommerceClient,
  reward: ClaimedReward,
  drawn: RewardCode,
  source: CodeSource,
  settings: RewardSettings,
): Promise<string | undefined> {
  if (drawn.state === 'made' && drawn.code !== null) return drawn.code;
  const lost = drawn.asked_count > 0 ? await find(client, drawn) : undefined;
  if (lost) return noteMade(deps, reward, drawn, lost);

  let code = drawn;
  for (let taken = 0; taken < MAX_DRAWS; taken += 1) {
    code = await noteAsked(deps, reward, code);
    const made = await askNoted(deps, client, code, source, settings);
    if (made === 'refused') return undefined;
    if (made !== 'taken') return noteMade(deps, reward, code, made);
    // Asked for the first time, it is somebody else's.
    const ours = code.asked_count > 1 ? await find(client, code) : undefined;
    if (ours) return noteMade(deps, reward, code, ours);
    code = await drawAgain(deps, reward, code, source, settings);
  }
  throw codesTaken(source.promotionId);
}

async function find(client: BigCommerceClient, code: RewardCode): Promise<MadeCode | undefined> {
  const [found] = await findCodes(client, code);
  return found && { code: found.code, bigcommerceId: found.id };
}

/** As {@link askForCode}. Of what BigCommerce surely did not do, nothing is looked for the next time. */
async function askNoted(
  deps: Pick<AppDeps, 'db'>,
  client: BigCommerceClient,
  code: RewardCode,
  { promotionId }: CodeSource,
  settings: RewardSettings,
): Promise<MadeCode | 'taken' | 'refused'> {
  try {
    return await askForCode(client, promotionId, code, settings);
  } catch (error) {
    // A 408 is said by whoever stands between BigCommerce and us, and of that it is not known what became.
    const isOver = error instanceof BigCommerceError && !error.isOutcomeUnknown && error.status !== 408;
    if (!isOver) throw error;
    await noteRefused(deps, code);
    // Whether a code is taken is asked as well, which says nothing of what may be made.
    if (error.code === 'BIGCOMMERCE_REFUSED' && error.call.startsWith('POST ')) return 'refused';
    throw error;
  }
}
