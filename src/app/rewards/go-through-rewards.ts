import type { AppDeps } from '../deps.js';
import type { ExtoleTrouble } from '../extole/ask-extole.js';
import { listRewards, REWARDS_PAGE, type RewardFilter } from '../extole/rewards.js';

/** How far a list was gone through. */
export interface Progress {
  /** From where to go on the next time. */
  readonly offset: number;
  /** Why it was not gone through further; `undefined`: it was, or there was enough for once. */
  readonly trouble: ExtoleTrouble | undefined;
}

/** How many pages are read at once: 2,000 rewards. */
const PAGES = 20;

/**
 * Goes through the rewards that a filter lets through, a page at a time, from where it stopped the last time on: to the end of the list, and once more
 * from its beginning. Where there are more than {@link PAGES} pages, the next time goes on with them, and so round and round.
 *
 * What the list holds changes meanwhile: what moves to a page that was read is missed, and found in the next round. Extole may list nothing beyond
 * some offset (its `max_fetch_size_1000`): that is the list's end then, and what is behind it moves up as rewards are fulfilled.
 */
export async function goThroughRewards(
  deps: Parameters<typeof listRewards>[0] & Pick<AppDeps, 'now'>,
  token: string,
  filter: RewardFilter,
  from: number,
  take: (rewardIds: readonly string[]) => Promise<void>,
): Promise<Progress> {
  const seen = new Set<string>();
  let isFromStart = from === 0;
  let offset = from;
  for (let pages = 0; pages < PAGES; pages += 1) {
    const page = await listRewards(deps, token, filter, offset);
    const isBeyond = page.kind === 'refused' && offset > 0;
    if (page.kind !== 'accepted' && !isBeyond) return { offset, trouble: page };
    const { rewards, listedCount } = page.kind === 'accepted' ? page : NOTHING;
    const rewardIds = rewards.map(({ rewardId }) => rewardId).filter((rewardId) => !seen.has(rewardId));
    for (const rewardId of rewardIds) seen.add(rewardId);
    if (rewardIds.length > 0) await take(rewardIds);
    // A page with nothing new on it says that there is no end to them.
    const isEnd = listedCount < REWARDS_PAGE || rewardIds.length === 0;
    if (isEnd && isFromStart) return { offset: 0, trouble: undefined };
    isFromStart ||= isEnd;
    offset = isEnd ? 0 : offset + REWARDS_PAGE;
  }
  return { offset, trouble: undefined };
}

const NOTHING = { rewards: [], listedCount: 0 } as const;
