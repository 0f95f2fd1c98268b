import { addZone, removeZone, schedule, type Zone } from './zones.js';

/** The parser has not read the content of an element yet while nothing stands behind it or around it. */
function isBeingParsed(element: Element): boolean {
  for (let node: Node | null = element; node; node = node.parentNode) {
    if (node.nextSibling) return false;
  }
  return document.readyState === 'loading';
}

/**
 * Makes `<extole-zone>` a zone wherever it stands or comes to stand, and takes up those that are on the page.
 *
 * Moving an element asks for nothing; a change of `name`, `event-data` or `fields` asks again.
 */
export function defineZoneElement(): void {
  if (customElements.get('extole-zone')) {
    for (const element of document.querySelectorAll<HTMLElement & { connectedCallback?(): void }>(
      'extole-zone',
    )) {
      element.connectedCallback?.();
    }
    return;
  }
  // Inside the function, since there is no HTMLElement on a server.
  class ExtoleZoneElement extends HTMLElement {
    static readonly observedAttributes = ['name', 'event-data', 'fields'];

    readonly #zone: Zone = {
      element: this,
      read: () => ({
        name: this.getAttribute('name') ?? '',
        eventData: this.getAttribute('event-data'),
        fields: this.getAttribute('fields'),
      }),
    };

    connectedCallback(): void {
      if (!this.isConnected) return;
      // Its content is the fallback, which has to be known before a creative comes; the parser may be waiting for more
      // of it from the network.
      if (isBeingParsed(this)) setTimeout(() => this.connectedCallback(), 9);
      else addZone(this.#zone);
    }

    disconnectedCallback(): void {
      removeZone(this.#zone);
    }

    attributeChangedCallback(): void {
      if (this.isConnected) schedule(this.#zone);
    }
  }
  customElements.define('extole-zone', ExtoleZoneElement);
}
