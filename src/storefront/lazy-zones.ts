// Weakly, so that nothing is kept alive that left the page before it came near.
let waiting = new WeakMap<Element, () => void>();
let observer: IntersectionObserver | undefined;

/**
 * Calls back once, when an element comes within a viewport's height of what is seen. An Extole zone that is asked for counts as
 * an impression, so one that nobody scrolls to should not be.
 *
 * @returns What ends the waiting, for all elements.
 */
export function whenNear(element: Element, come: () => void): () => void {
  observer ??= new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) continue;
        observer?.unobserve(target);
        waiting.get(target)?.();
        waiting.delete(target);
      }
    },
    { rootMargin: '100% 0px' },
  );
  waiting.set(element, come);
  observer.observe(element);
  return stopWaiting;
}

function stopWaiting(): void {
  observer?.disconnect();
  observer = undefined;
  waiting = new WeakMap();
}
