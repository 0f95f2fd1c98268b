/** Waits until all have settled, so that nothing goes on behind the caller's back; rejects then if one did. */
export async function settleAll<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}
