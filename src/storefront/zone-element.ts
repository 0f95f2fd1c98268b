import { withPart } from './parts.js';
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
 * Moving an element asks for nothing; a change of `name`, `event-data` or `fields` asks again. One with `loading="lazy"`
 * becomes a zone when it comes near the part of the page that is seen.
 */
export function defineZoneElement(): void {
  if (customElements.get('extole-zone')) {
    // Those that came while the SDK was stopped.
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
        name: this.getAttribute('name')?.trim() ?? '',
        eventData: this.getAttribute('event-data'),
        fields: this.getAttribute('fields'),
      }),
    };

    connectedCallback(): void {
      if (!this.isConnected) return;
      const zone = this.#zone;
      const come = (): void => addZone(zone);
      // Its content is the fallback, which has to be known before a creative comes; the parser may be waiting for more
      // of it from the network.
      if (isBeingParsed(this)) setTimeout(() => this.connectedCallback(), 9);
      else if (this.getAttribute('loading') !== 'lazy') come();
      else withPart(import('./lazy-zones.js'), ({ whenNear }) => whenNear(this, come), come);
    }

    disconnectedCallback(): void {
      // One that is moved is back by now.
      if (!this.isConnected) removeZone(this.#zone);
    }

    attributeChangedCallback(): void {
      schedule(this.#zone);
    }
  }
  customElements.define('extole-zone', ExtoleZoneElement);
}
