import type { Selectable } from 'kysely';
import type { RewardSettings } from '../../catalog/rewards.js';
import type { RewardSettingsTable } from '../database/tables.js';
import type { AppDeps } from '../deps.js';
import { openAccessToken } from '../extole/access-token.js';
import type { ExtoleFailure, ExtoleTrouble } from '../extole/ask-extole.js';
import type { RewardFilter } from '../extole/rewards.js';
import { failureColumns } from '../provision/failure.js';
import { type EffectiveSettings, effectiveSettingsOfStore } from '../settings/settings.js';
import { markEarned, markTakenBack } from './found-rewards.js';
import { goThroughRewards } from './go-through-rewards.js';
import { wakeRefills } from './wake-refills.js';

const MINUTE_MS = 60_000;

/** How often Extole is asked, by how we hear of rewards otherwise. */
const INTERVAL_MS: Readonly<Record<RewardSettings['intake'], number>> = {
  webhook: 15 * MINUTE_MS,
  polling: MINUTE_MS,
};

/** Of how long rewards are listed that were taken back. */
const TAKEN_BACK_MS = 30 * 24 * 60 * MINUTE_MS;

/** Why an account could not be asked, and for how long it is left alone at least. */
interface PollTrouble {
  readonly failure: ExtoleFailure;
  readonly pauseMs: number;
}

/** A storefront's settings for rewards whose turn it is. */
type PollTurn = Pick<Selectable<RewardSettingsTable>, 'settings' | 'earned_offset' | 'taken_back_offset'>;

/** How far an account was asked, and what was in the way, if anything. */
interface Polled {
  readonly offsets: Partial<Pick<PollTurn, 'earned_offset' | 'taken_back_offset'>>;
  readonly trouble: PollTrouble | undefined;
}

const NOT_ASKED: Polled = { offsets: {}, trouble: undefined };

type PollDeps = Pick<
  AppDeps,
  'config' | 'db' | 'log' | 'metrics' | 'now' | 'queue' | 'random' | 'secrets' | 'timing'
>;

/**
 * Has each store asked for rewards whose turn comes within the minute that follows, at its time, and those see to the codes that they keep ready
 * whose turn of the hour it is. Every minute.
 */
export async function pollAll(deps: Pick<AppDeps, 'db' | 'now' | 'queue'>): Promise<void> {
  const { db, now, queue } = deps;
  const turns = await db
    .selectFrom('reward_settings')
    .innerJoin('store', 'store.store_hash', 'reward_settings.store_hash')
    .select(({ fn }) => ['store.store_hash as storeHash', fn.min<Date>('poll_at').as('runAt')])
    .where('uninstalled_at', 'is', null)
    .where('poll_at', '<', new Date(now().getTime() + MINUTE_MS))
    .groupBy('store.store_hash')
    .execute();
  for (const { storeHash, runAt } of turns) {
    await queue.wake('poll-rewards', storeHash, { runAt, keepsRunAt: true });
  }
  await wakeRefills(deps);
}

/**
 * Asks Extole for rewards of a store that no webhook told of: all that are earned, and those of the last 30 days that were taken back. What is new
 * is worked at. Settles when each account whose turn it is was asked, or could not be; the Rewards page shows why.
 */
export async function pollRewards(deps: PollDeps, storeHash: string): Promise<void> {
  const { db, log, now } = deps;
  const due = await db
    .selectFrom('reward_settings')
    .select(['channel_id', 'settings', 'revision', 'earned_offset', 'taken_back_offset'])
    .where('store_hash', '=', storeHash)
    .where('poll_at', '<=', now())
    .orderBy('channel_id')
    .execute();
  const effective = await effectiveSettingsOfStore(db, storeHash);
  for (const turn of due) {
    const { channel_id: channelId, settings, revision } = turn;
    const account = effective(channelId);
    const isAsked = mayHaveRewards(settings) && takesPart(account, channelId);
    const { trouble, offsets } = isAsked ? await pollAccount(deps, storeHash, turn, account) : NOT_ASKED;
    if (trouble) {
      log.warn({ storeHash, channelId, code: trouble.failure.code }, 'Extole could not be asked for rewards');
    }
    const pauseMs = Math.max(INTERVAL_MS[settings.intake], trouble?.pauseMs ?? 0);
    await db
      .updateTable('reward_settings')
      .set({
        poll_at: settings.isEnabled ? new Date(now().getTime() + pauseMs) : null,
        ...(isAsked && failureColumns(trouble?.failure ?? null)),
        ...(isAsked && !trouble && { polled_at: now() }),
        ...offsets,
      })
      .where('store_hash', '=', storeHash)
      .where('channel_id', '=', channelId)
      // Whoever saved meanwhile had it asked by what is set now.
      .where('revision', '=', revision)
      .execute();
  }
}

/** Whether there can be any that lead to a promotion. */
const mayHaveRewards = ({ isEnabled, usesPartnerSupplierIds, suppliers }: RewardSettings): boolean =>
  isEnabled && (usesPartnerSupplierIds || suppliers.length > 0);

/** Whether a storefront is switched on, and has an Extole account of its own. */
const takesPart = ({ channelId: owner, isSaved, settings }: EffectiveSettings, channelId: number): boolean =>
  owner === channelId && isSaved && settings.isEnabled;

async function pollAccount(
  deps: PollDeps,
  storeHash: string,
  { settings: { usesPartnerSupplierIds, suppliers }, earned_offset, taken_back_offset }: PollTurn,
  account: EffectiveSettings,
): Promise<Polled> {
  const opened = openAccessToken(deps, storeHash, account);
  if ('failure' in opened) {
    return { offsets: {}, trouble: { failure: opened.failure, pauseMs: INTERVAL_MS.webhook } };
  }
  const { token } = opened;
  const owner = { storeHash, channelId: account.channelId };
  // Where others share the account, theirs are not looked at.
  const supplierIds = usesPartnerSupplierIds ? [] : suppliers.map(({ supplierId }) => supplierId);
  const to = deps.now();
  const earned: RewardFilter = { states: ['EARNED'], supplierIds, interval: null };
  const takenBack: RewardFilter = {
    states: ['CANCELED', 'REVOKED'],
    supplierIds,
    interval: { from: new Date(to.getTime() - TAKEN_BACK_MS), to },
  };
  let found = 0;
  const throughEarned = await goThroughRewards(deps, token, earned, earned_offset, async (rewardIds) => {
    found += await markEarned(deps, owner, rewardIds);
  });
  const throughTakenBack = throughEarned.trouble
    ? { offset: taken_back_offset, trouble: throughEarned.trouble }
    : await goThroughRewards(deps, token, takenBack, taken_back_offset, async (rewardIds) => {
        found += await markTakenBack(deps, owner, rewardIds);
      });
  if (found > 0) deps.log.info({ ...owner, found }, 'found rewards by asking Extole');
  const { trouble } = throughTakenBack;
  return {
    offsets: { earned_offset: throughEarned.offset, taken_back_offset: throughTakenBack.offset },
    trouble: trouble && { failure: trouble.failure, pauseMs: pauseAfter(trouble, deps.timing) },
  };
}

/** A token that was refused is refused again the next minute. */
function pauseAfter(trouble: ExtoleTrouble, timing: AppDeps['timing']): number {
  if (trouble.kind === 'rate-limited') return trouble.retryAfterMs ?? timing.rateLimitPauseMs;
  return trouble.kind === 'token-refused' ? INTERVAL_MS.webhook : 0;
}
