/**
 * How the sentences of a page come that is loaded by itself: with it only, so that the settings need not wait for them.
 *
 * @param english - Those that are at hand, and stand in for what can't be loaded.
 * @param others - What loads those of the other languages.
 * @returns What gives the sentences of a language of the page: the same promise for the same language, so that a component can wait for
 * it. The promise never rejects.
 */
export function pageMessages<Messages>(
  english: Messages,
  others: Readonly<Record<string, () => Promise<{ readonly default: Messages }>>>,
): (tag: string) => Promise<Messages> {
  const loaded = new Map<string, Promise<Messages>>();
  return (tag) => {
    const known = loaded.get(tag);
    if (known) return known;
    const load = Object.hasOwn(others, tag) ? others[tag] : undefined;
    const messages = load
      ? load().then(
          (found) => found.default,
          () => english,
        )
      : Promise.resolve(english);
    loaded.set(tag, messages);
    return messages;
  };
}
