import { element } from './element.js';

/** One thing to choose in a menu. */
export interface Choice {
  readonly label: string;
  choose(): void;
  /** It became the one that Enter would choose. */
  preview?(): void;
}

/**
 * Makes a button open a menu, by the ARIA menu button pattern: arrow keys, Home and End go through it, Escape closes it.
 *
 * @param choices - What there is to choose, asked for each time when the menu opens.
 * @param onClosed - The menu was closed, whether something was chosen or not.
 */
export function addMenu(
  button: HTMLButtonElement,
  label: string,
  choices: () => readonly Choice[],
  onClosed: () => void = () => {},
): void {
  button.ariaHasPopup = 'menu';
  button.ariaExpanded = 'false';
  let menu: HTMLElement | undefined;

  const close = (): void => {
    if (!menu) return;
    const closing = menu;
    // Removing it moves the focus, which would close it again.
    menu = undefined;
    closing.remove();
    button.ariaExpanded = 'false';
    onClosed();
  };
  const open = (): void => {
    const items = choices().map(({ label: text, choose, preview }) => {
      const item = element('button', { type: 'button', role: 'menuitem', tabIndex: -1 }, text);
      item.addEventListener('focus', () => preview?.());
      item.addEventListener('click', () => {
        button.focus();
        close();
        choose();
      });
      return item;
    });
    const opened = element('div', { role: 'menu', className: 'menu', ariaLabel: label }, ...items);
    const focusItem = (index: number): void => items.at(index % items.length)?.focus();
    opened.addEventListener('keydown', (event) => {
      const current = items.findIndex((item) => item.matches(':focus'));
      if (event.key === 'ArrowDown') focusItem(current + 1);
      else if (event.key === 'ArrowUp') focusItem(current - 1);
      else if (event.key === 'Home') focusItem(0);
      else if (event.key === 'End') focusItem(-1);
      else if (event.key === 'Escape') button.focus();
      else return;
      event.preventDefault();
      if (event.key === 'Escape') close();
    });
    opened.addEventListener('focusout', ({ relatedTarget }) => {
      if (!(relatedTarget instanceof Node && opened.contains(relatedTarget))) close();
    });
    menu = opened;
    button.ariaExpanded = 'true';
    button.after(opened);
    focusItem(0);
  };

  button.addEventListener('click', () => (menu ? close() : open()));
}
