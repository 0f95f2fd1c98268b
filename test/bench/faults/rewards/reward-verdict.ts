import type { CouponCodeRecord } from '../../../../examples/sandbox/bigcommerce/promotions.js';
import type { StoreContent } from '../../../../examples/sandbox/bigcommerce/store-content.js';
import type { EarnedReward } from '../../../../examples/sandbox/extole-api/extole-api.js';
import type { AppCode, AppReward, AppWords } from './app-words.js';
import { ELSEWHERE, type LivedReward } from './live-reward.js';

/** What became of all rewards and codes. */
export interface RewardVerdict {
  readonly earned: number;
  /** Rewards that Extole was told a code of and did not take back. */
  readonly fulfilled: number;
  /** Codes in BigCommerce that Extole has for these. */
  readonly codesMade: number;
  /** Those that failed since their promotion was over. */
  readonly failed: number;
  readonly takenBack: number;
  readonly fulfilledElsewhere: number;
  readonly used: number;
  readonly keptReady: number;
  /** How many the app found by asking Extole. */
  readonly foundByPoll: number;
  readonly withTwoCodes: number;
  readonly withoutCode: number;
  /** Codes in BigCommerce that no reward has, and that are not kept ready. */
  readonly orphans: number;
  /** Codes that nobody used, of rewards that have them no more. */
  readonly stillStanding: number;
  /** Whatever else is not as it should be. */
  readonly wrong: number;
  /** What is off, each as a sentence. */
  readonly problems: readonly string[];
}

/** What a reward is held to. */
export interface JudgedReward {
  readonly lived: LivedReward;
  /** As Extole has it at the end. */
  readonly extole: EarnedReward;
  readonly toldCodes: ReadonlySet<string>;
}

/** What a turn knows of a promotion may be as old as the turn, and a lost answer is looked after in a later one. */
const STALE_MS = 40_000;

type Tell = (
  kind: 'withTwoCodes' | 'withoutCode' | 'orphans' | 'stillStanding' | 'wrong',
  what: string,
) => void;

/** Holds what Extole and BigCommerce have at the end to each other, and the app's own words to both. */
export function judgeRewards(
  rewards: readonly JudgedReward[],
  stores: readonly StoreContent[],
  words: AppWords,
): RewardVerdict {
  const offs = { withTwoCodes: 0, withoutCode: 0, orphans: 0, stillStanding: 0, wrong: 0 };
  const problems: string[] = [];
  const tell: Tell = (kind, what) => {
    offs[kind] += 1;
    problems.push(`${kind}: ${what}`);
  };
  const appRewards = new Map(words.rewards.map((row) => [row.reward_id, row] as const));
  const { codesOf, keptReady } = sortCodes(stores, words.codes, tell);
  let codesMade = 0;
  for (const one of rewards) {
    const codes = codesOf.get(one.extole.id) ?? [];
    judgeReward(one, codes, appRewards.get(one.extole.id), (kind, what) => {
      const { planned, promotion } = one.lived;
      const story = `${planned.name} of ${planned.store.storeHash} (${planned.life.name}; promotion ${promotion.kind}; ${one.extole.history.map(({ state }) => state).join(' → ')})`;
      tell(kind, `${story}: ${what}`);
    });
    if (isOurs(one.extole))
      codesMade += codes.filter(({ code }) => code === one.extole.partnerRewardId).length;
  }
  const count = (isSo: (one: JudgedReward) => boolean): number => rewards.filter(isSo).length;
  return {
    earned: rewards.length,
    fulfilled: count(({ extole }) => isOurs(extole)),
    codesMade,
    failed: count(({ extole }) => extole.state === 'FAILED'),
    takenBack: count(({ extole }) => isTakenBack(extole)),
    fulfilledElsewhere: count(({ extole }) => isElsewhere(extole)),
    used: count(({ lived }) => lived.usedCode !== undefined),
    keptReady,
    foundByPoll: words.rewards.filter(({ found_by }) => found_by === 'poll').length,
    ...offs,
    problems,
  };
}

const isTakenBack = ({ state }: EarnedReward): boolean => state === 'CANCELED' || state === 'REVOKED';
const isElsewhere = ({ partnerRewardId }: EarnedReward): boolean =>
  partnerRewardId?.startsWith(ELSEWHERE) ?? false;
const isOurs = (reward: EarnedReward): boolean =>
  (reward.state === 'FULFILLED' || reward.state === 'SENT') && !isElsewhere(reward);

/** Which codes in BigCommerce are which reward's, by what our tables say each begins with. */
function sortCodes(stores: readonly StoreContent[], rows: readonly AppCode[], tell: Tell) {
  const keyOf = (storeHash: string, marker: string): string => `${storeHash} ${marker}`;
  const byMarker = new Map(rows.map((row) => [keyOf(row.store_hash, row.marker), row] as const));
  const codesOf = new Map<string, CouponCodeRecord[]>();
  let keptReady = 0;
  for (const { storeHash, couponCodes } of stores) {
    for (const record of couponCodes.values()) {
      const { code } = record;
      const drawnFor = code.slice(0, code.lastIndexOf('-') + 1);
      const row = byMarker.get(keyOf(storeHash, code)) ?? byMarker.get(keyOf(storeHash, drawnFor));
      if (row && row.reward_id !== null) {
        codesOf.set(row.reward_id, [...(codesOf.get(row.reward_id) ?? []), record]);
      } else if (row?.state === 'made') keptReady += 1;
      else tell('orphans', `the code ${code} of promotion ${record.promotionId} of ${storeHash} is nobody's`);
    }
  }
  const contents = new Map(stores.map((content) => [content.storeHash, content] as const));
  for (const { store_hash: storeHash, code, state, reward_id: rewardId } of rows) {
    const isThere = contents.get(storeHash)?.couponCodes.has(code ?? '') ?? false;
    if (state === 'made' && !isThere)
      tell('wrong', `the code ${code} of ${rewardId ?? 'those kept ready'} of ${storeHash} is not there`);
    if (state === 'asked')
      tell('wrong', `the code ${code} of ${rewardId} of ${storeHash} is still asked for`);
  }
  return { codesOf, keptReady };
}

function judgeReward(
  { lived, extole, toldCodes }: JudgedReward,
  codes: readonly CouponCodeRecord[],
  app: AppReward | undefined,
  tell: Tell,
): void {
  const values = codes.map(({ code }) => code);
  const said = `Extole has ${extole.partnerRewardId}, and was told ${[...toldCodes].join(', ') || 'nothing'}; BigCommerce has ${values.join(', ') || 'nothing'}; the app says ${app?.state} ${app?.failure_code ?? ''}`;
  const wantsState = stateWanted(extole);
  if (app?.state !== wantsState && !(app === undefined && wantsState !== 'fulfilled'))
    tell('wrong', `it is ${app?.state} for the app, and not ${wantsState}: ${said}`);
  if (toldCodes.size > 1 || codes.length > 1) tell('withTwoCodes', said);
  const { uselessSinceMs } = lived.promotion;
  if (isOurs(extole)) {
    const [code] = codes;
    if (!code) tell('withoutCode', said);
    else if (code.code !== extole.partnerRewardId || !toldCodes.has(code.code)) tell('wrong', said);
    else if (code.promotionId !== lived.promotion.id) tell('wrong', `promotion ${code.promotionId}: ${said}`);
    else if (code.max_uses !== 1 || code.max_uses_per_customer !== 1) tell('wrong', `no single use: ${said}`);
    if (extole.history.length !== 2) tell('wrong', said);
    if (uselessSinceMs !== undefined && lived.earnedMs > uselessSinceMs + STALE_MS)
      tell('wrong', `it was earned when its promotion was long over: ${said}`);
  } else {
    const isUsed = lived.usedCode !== undefined;
    if (isUsed && !values.includes(lived.usedCode ?? '')) tell('wrong', `a used code is gone: ${said}`);
    if (codes.some(({ current_uses }) => current_uses === 0)) tell('stillStanding', said);
    if (extole.state === 'EARNED') tell('withoutCode', said);
    if (extole.state === 'FAILED' && uselessSinceMs === undefined) tell('withoutCode', said);
  }
}

/** What the app should say of a reward, if it heard of it while there was something to do about it. */
function stateWanted(reward: EarnedReward): string {
  if (isTakenBack(reward)) return 'canceled';
  if (isElsewhere(reward)) return 'ignored';
  return reward.state === 'FAILED' ? 'failed' : 'fulfilled';
}
