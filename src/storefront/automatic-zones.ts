import { OVERLAY_ZONE_NAMES, ZONE_REGIONS } from '../catalog/zones.js';
import type { ZoneOptions } from './types.js';

/** An automatic zone that was not placed, and why. */
export interface NotPlaced {
  readonly name: string;
  readonly why:
    | 'in-page' // A widget or the theme has it.
    | 'asked-by-others' // A script other than ours asks for it.
    | 'no-region' // The theme has no place for it, or nobody knows where one would be.
    | 'not-a-product-page'
    | 'checkout';
}

/** Where they go in themes without BigCommerce's regions. That of the page, not one of an article. */
const LANDMARKS: Readonly<Record<string, string>> = {
  global_header: 'header:not(main *, article *)',
  global_footer: 'footer:not(main *, article *)',
};

/** The element for a zone, by the catalog's regions. BigCommerce prints regions even when they are empty. */
function placeFor(name: string): Element | null {
  for (const region of (Object.hasOwn(ZONE_REGIONS, name) && ZONE_REGIONS[name]) || []) {
    const found = document.querySelector(`[data-content-region="${region}"]`);
    if (found) return found;
  }
  const landmark = Object.hasOwn(LANDMARKS, name) && LANDMARKS[name];
  return landmark ? document.querySelector(landmark) : null;
}

let left: readonly NotPlaced[] = [];

/** The zones that the last {@link placeZones} left out. Empty until the page was parsed. */
export const notPlaced = (): readonly NotPlaced[] => left;

/**
 * Shows zones that nobody placed, as soon as the page is parsed: in the theme's regions, or as overlays. A zone that the page
 * has or asks for already is left to it. On the checkout page nothing shows.
 *
 * @param options.zones - Extole's zone names.
 * @param options.pageType - BigCommerce's `page_type`.
 * @param options.createZone - Asks for a zone without an element.
 * @param options.queued - Calls of others that Extole may have taken from its queue since.
 * @returns A function after which nothing is placed any more. What was placed stays.
 */
export function placeZones(options: {
  readonly zones: readonly string[];
  readonly pageType: string | undefined;
  readonly createZone: (options: ZoneOptions) => void;
  readonly queued?: readonly unknown[];
}): () => void {
  const { zones, pageType, createZone, queued = [] } = options;

  /** @returns Why not, if not. */
  const show = (name: string): NotPlaced['why'] | undefined => {
    if (pageType === 'checkout') return 'checkout';
    if (isInPage(name)) return 'in-page';
    if (isAskedFor(name, queued) || isAskedFor(name, window.extole?.q)) return 'asked-by-others';
    if (OVERLAY_ZONE_NAMES.includes(name)) {
      createZone({ name });
      return undefined;
    }
    if (name === 'product' && pageType !== 'product') return 'not-a-product-page';
    const place = placeFor(name);
    if (!place) return 'no-region';
    const element = document.createElement('extole-zone');
    element.setAttribute('name', name);
    place.append(element);
    return undefined;
  };
  const showAll = (): void => {
    left = Array.from(new Set(zones)).flatMap((name) => {
      const why = show(name);
      return why ? { name, why } : [];
    });
  };

  left = [];
  if (document.readyState === 'loading')
    document.addEventListener('DOMContentLoaded', showAll, { once: true });
  else showAll();
  return () => document.removeEventListener('DOMContentLoaded', showAll);
}

const isInPage = (name: string): boolean =>
  Array.from(document.querySelectorAll('extole-zone')).some(
    (element) => element.getAttribute('name')?.trim() === name,
  );

/**
 * Whether a call for the zone is among those of Extole's queue. Ours for elements are there too, and count the same.
 *
 * Source: Extole, JavaScript SDK, "createZone Method": the queue holds `['createZone', arguments]`.
 */
function isAskedFor(name: string, calls: unknown): boolean {
  return (
    Array.isArray(calls) &&
    calls.some((call) => {
      if (call === name) return true;
      try {
        return Array.isArray(call) && call[0] === 'createZone' && call[1]?.[0]?.name === name;
      } catch {
        // Anybody may have written to it.
        return false;
      }
    })
  );
}
