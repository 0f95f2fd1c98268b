import { setTimeout as pause } from 'node:timers/promises';
import type { DatabaseEye } from '../database-eye.js';
import { eventsOf, keyOf, type LivedOrder } from './model.js';

const LOOK_EVERY_MS = 250;

/** Looks at what the app has found out. */
export interface Watch {
  /** Settles when there is an event for all that an order's states mean, or the watch was stopped. */
  untilFound(order: LivedOrder): Promise<void>;
  stop(): void;
}

/** Starts to watch. */
export function startWatch(eye: DatabaseEye): Watch {
  const waiting = new Map<LivedOrder, () => void>();
  let isStopped = false;

  const look = async (): Promise<void> => {
    if (waiting.size === 0) return;
    const orders = [...waiting.keys()];
    const rows = await eye.ask<{ store_hash: string; order_id: string; kind: string; refund_id: string }>(
      `select event.store_hash, event.order_id, kind, refund_id
      from unnest($1::text[], $2::bigint[]) as wanted (store_hash, order_id)
      join event on event.store_hash = wanted.store_hash and event.order_id = wanted.order_id`,
      [orders.map(({ store }) => store.storeHash), orders.map(({ id }) => id)],
    );
    const found = new Set(
      rows?.map(({ store_hash, order_id, kind, refund_id }) =>
        [store_hash, order_id, refund_id === '0' ? kind : `${kind}:${refund_id}`].join(' '),
      ),
    );
    for (const order of orders) {
      const isFound = eventsOf(order, order.states).every((event) =>
        found.has([order.store.storeHash, order.id, keyOf(event)].join(' ')),
      );
      if (rows && isFound) {
        waiting.get(order)?.();
        waiting.delete(order);
      }
    }
  };
  const keepLooking = async (): Promise<void> => {
    while (!isStopped) {
      await look();
      await pause(LOOK_EVERY_MS);
    }
  };
  keepLooking();
  return {
    untilFound: (order) =>
      new Promise((resolve) => {
        if (isStopped) resolve();
        else waiting.set(order, resolve);
      }),
    stop() {
      isStopped = true;
      for (const resolve of waiting.values()) resolve();
    },
  };
}
