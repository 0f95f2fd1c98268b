import { deliver } from './deliveries/deliver.js';
import type { AppDeps } from './deps.js';
import { importOrders } from './orders/import.js';
import { lookAtOrders } from './orders/look-at-orders.js';
import { sweep, sweepAll } from './orders/sweep.js';
import { erase, lookAtAll, rollOut } from './provision/all-stores.js';
import { failureOf, isPassing } from './provision/failure.js';
import { lookAtStore } from './provision/look.js';
import { provision } from './provision/provision.js';
import { keepWebhooks } from './provision/webhooks.js';
import type { Tasks } from './queue/queue.js';
import { fulfillRewards } from './rewards/fulfill-rewards.js';
import { pollAll, pollRewards } from './rewards/poll.js';
import { refillCodes } from './rewards/refill-codes.js';
import { refreshChannels } from './stores/stores.js';
import { wakeOverdue } from './wake.js';

/** What does the work of each task. */
export function createTasks(deps: AppDeps): Tasks {
  return {
    provision: (payload, attempt) => provision(deps, payload, attempt),
    look: ({ storeHash }) => onlyPassing(() => lookAtStore(deps, storeHash)),
    'refresh-channels': ({ storeHash }) => onlyPassing(() => refresh(deps, storeHash)),
    'keep-webhooks': ({ storeHash }) => onlyPassing(() => keepWebhooks(deps, storeHash)),
    'look-at-orders': ({ storeHash }) => lookAtOrders(deps, storeHash),
    deliver: ({ storeHash }) => deliver(deps, storeHash),
    sweep: ({ storeHash }) => onlyPassing(() => sweep(deps, storeHash)),
    import: ({ storeHash }, attempt) => importOrders(deps, storeHash, attempt),
    'fulfill-rewards': ({ storeHash }) => fulfillRewards(deps, storeHash),
    'poll-rewards': ({ storeHash }) => pollRewards(deps, storeHash),
    'refill-codes': ({ storeHash }) => onlyPassing(() => refillCodes(deps, storeHash)),
    'poll-all': () => pollAll(deps),
    'sweep-all': () => sweepAll(deps),
    'wake-overdue': () => wakeOverdue(deps),
    'look-at-all': () => lookAtAll(deps),
    'roll-out': () => rollOut(deps),
    erase: () => erase(deps),
  };
}

async function refresh(deps: AppDeps, storeHash: string): Promise<void> {
  try {
    await refreshChannels(deps, storeHash);
  } catch (error) {
    const { code } = failureOf(error);
    deps.log.warn({ storeHash, code }, 'a store could not be asked for its storefronts');
    throw error;
  }
}

/** What no later try would mend is told where it happens, and need not be tried again. */
async function onlyPassing(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (isPassing(error)) throw error;
  }
}
