import { ORDERS_PAGE_SIZE, type Order } from '../../store/order-types.js';

/** How many pages a turn goes through, so that other stores have theirs. */
export const PAGES_PER_TURN = 10;

/**
 * Goes through pages of orders, by id: whatever becomes of them meanwhile, none is skipped. No more than a turn's worth.
 *
 * @param from - The smallest id of the first page.
 * @param read - Asks for the orders from an id on.
 * @param keep - Is given each page, with the id that it began at and the one that the next begins at; `null` after the last one. Answers
 *   whether to go on.
 * @returns Whether there are further pages, for another turn.
 * @throws What `read` and `keep` throw.
 */
export async function goThroughPages(
  from: number,
  read: (minId: number) => Promise<readonly Order[]>,
  keep: (
    orders: readonly Order[],
    page: { readonly fromId: number; readonly nextId: number | null },
  ) => Promise<boolean>,
): Promise<boolean> {
  let minId = from;
  for (let pages = 0; pages < PAGES_PER_TURN; pages += 1) {
    const orders = await read(minId);
    const last = orders.length < ORDERS_PAGE_SIZE ? undefined : orders.at(-1);
    const nextId = last ? last.id + 1 : null;
    const goesOn = await keep(orders, { fromId: minId, nextId });
    if (nextId === null || !goesOn) return false;
    minId = nextId;
  }
  return true;
}
