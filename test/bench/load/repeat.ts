/** How fast something went: how often in a second, and how long each took. */
export interface Speed {
  readonly perSecond: number;
  readonly tookMs: readonly number[];
}

/**
 * Does something again and again.
 *
 * @param options.atOnce - How many times at the same time.
 * @param options.goesOn - Asked before each time.
 */
export async function repeat(
  act: () => Promise<unknown>,
  { atOnce, goesOn }: { readonly atOnce: number; readonly goesOn: () => boolean },
): Promise<Speed> {
  const tookMs: number[] = [];
  const startMs = performance.now();
  const goOn = async (): Promise<void> => {
    while (goesOn()) {
      const beginMs = performance.now();
      await act();
      tookMs.push(performance.now() - beginMs);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, goOn));
  return { perSecond: tookMs.length / ((performance.now() - startMs) / 1_000), tookMs };
}

/** Goes on for a time, from now. */
export function forMs(ms: number): () => boolean {
  const endsAtMs = performance.now() + ms;
  return () => performance.now() < endsAtMs;
}
