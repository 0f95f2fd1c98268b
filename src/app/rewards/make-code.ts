import type { RewardSettings } from '../../catalog/rewards.js';
import type { BigCommerceClient } from '../../store/bigcommerce-client.js';
import { AppError } from '../app-error.js';
import type { AppDeps } from '../deps.js';
import type { ClaimedReward } from './claim-reward.js';
import { codegenFields } from './draw-code.js';
import { findCodes } from './find-codes.js';
import {
  type CodeSource,
  codesTaken,
  drawAgain,
  noteAsked,
  noteMade,
  type RewardCode,
} from './reward-code.js';

/** A code that BigCommerce has. */
interface MadeCode {
  readonly code: string;
  readonly bigcommerceId: number | null;
}

/** How many codes that somebody else has are tried to be made. */
const MAX_TAKEN = 5;

/**
 * Has BigCommerce make the code of a reward, unless it is there. Whatever was asked for before without an answer is looked for first, and is asked for
 * again only where it is not found. Settles when our tables say that it is made.
 *
 * @returns The code.
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
): Promise<string> {
  if (drawn.state === 'made' && drawn.code !== null) return drawn.code;
  const lost = drawn.asked_count > 0 ? await find(client, drawn) : undefined;
  if (lost) return noteMade(deps, reward, drawn, lost);

  let code = drawn;
  for (let taken = 0; taken < MAX_TAKEN; taken += 1) {
    code = await noteAsked(deps, reward, code);
    const made = await ask(client, code, source, settings);
    if (made) return noteMade(deps, reward, code, made);
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

/** @returns `undefined`: a code of that name is there. */
async function ask(
  client: BigCommerceClient,
  { code, marker }: RewardCode,
  { promotionId }: CodeSource,
  settings: RewardSettings,
): Promise<MadeCode | undefined> {
  if (code === null) {
    const [drawn] = await client.generatePromotionCodes(promotionId, codegenFields(settings, marker, 1));
    if (drawn !== undefined) return { code: drawn, bigcommerceId: null };
    throw new AppError(
      'COUPON_CODE_MISSING',
      `BigCommerce was asked to draw a code of promotion ${promotionId}, and named none. It is asked again.`,
    );
  }
  const made = await client.createPromotionCode(promotionId, {
    code,
    max_uses: settings.maxUses,
    max_uses_per_customer: settings.maxUsesPerCustomer,
  });
  return made === 'taken' ? undefined : { code: made.code, bigcommerceId: made.id };
}
