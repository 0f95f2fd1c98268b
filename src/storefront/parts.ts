/** What to give back. Each start has a set of its own, by which a part that comes late knows that it is too late. */
let givenBack: Set<(() => void) | undefined> | undefined;

/** Whether the SDK has been started. */
export const isStarted = (): boolean => !!givenBack;

/** Begins to keep what has to be given back. */
export function beginParts(): void {
  givenBack = new Set();
}

/**
 * Uses a part of the SDK that only some pages need, unless the SDK was stopped before it came.
 *
 * @param use - May return what has to be called when the SDK is stopped.
 * @param otherwise - Called when the part can't be had.
 */
export function withPart<Part>(
  part: Promise<Part>,
  use: (part: Part) => (() => void) | undefined,
  otherwise?: () => void,
): void {
  const mine = givenBack;
  part.then(
    (loaded) => mine === givenBack && mine?.add(use(loaded)),
    () => mine === givenBack && otherwise?.(),
  );
}

/** Gives everything back. */
export function endParts(): void {
  for (const giveBack of givenBack ?? []) giveBack?.();
  givenBack = undefined;
}
