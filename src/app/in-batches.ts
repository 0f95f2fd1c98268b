/** What gathers while the one before it is done. */
interface Batch<Item, Result> {
  readonly items: Item[];
  readonly done: Promise<Result>;
}

/**
 * Does at once what many ask for at the same time. One batch is done after the other; whatever comes meanwhile is gathered for the next
 * one, so that nobody waits for company.
 *
 * @param maxItems - Of a batch. What is more waits for a further one.
 * @param work - Does a batch, and tells all of it the same.
 * @returns Adds an item; settles as its batch does. When a batch fails, so does all that was gathered until then: the same would befall
 *   it, only later.
 */
export function inBatches<Item, Result>(
  maxItems: number,
  work: (items: readonly Item[]) => Promise<Result>,
): (item: Item) => Promise<Result> {
  let gathering: Batch<Item, Result> | undefined;
  let before: Promise<unknown> = Promise.resolve();

  const gather = (): Batch<Item, Result> => {
    const items: Item[] = [];
    const done = before.then(() => {
      close();
      return work(items);
    });
    const batch = { items, done };
    const close = (): void => {
      if (gathering === batch) gathering = undefined;
    };
    before = done;
    done.catch(() => {
      close();
      if (before === done) before = Promise.resolve();
    });
    return batch;
  };

  return (item) => {
    if (!gathering || gathering.items.length >= maxItems) gathering = gather();
    gathering.items.push(item);
    return gathering.done;
  };
}
