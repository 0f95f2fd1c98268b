/**
 * Makes an element. Strings become text, whatever is in them.
 *
 * @param properties - What its DOM properties are set to.
 */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Partial<HTMLElementTagNameMap[Tag]> = {},
  ...content: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  Object.assign(made, properties);
  made.append(...content);
  return made;
}

/**
 * Finds an element of the page.
 *
 * @throws {Error} When the page has no such element of this kind.
 */
export function part<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`The page has no ${kind.name} "${id}".`);
}

/** Says what a button of the page does. */
export function onClick(id: string, act: () => void): void {
  part(id, HTMLButtonElement).addEventListener('click', act);
}
