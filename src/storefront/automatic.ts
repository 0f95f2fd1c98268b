import { placeZones } from './automatic-zones.js';
import type { PageContext, StorefrontConfig, ZoneOptions } from './types.js';

export { type NotPlaced, notPlaced } from './automatic-zones.js';

let stopPlacing: (() => void) | undefined;

/**
 * Does what a page's configuration wants done without anybody placing or calling something: its automatic zones, and the
 * conversion on the order confirmation page. Once, however often it is called.
 *
 * @param queued - The calls that stood in Extole's queue when the SDK came.
 * @returns A function after which nothing is placed any more, and a further call begins anew.
 */
export function begin(
  { zones, conversion, context }: StorefrontConfig,
  setContext: (partial: PageContext) => void,
  createZone: (options: ZoneOptions) => void,
  queued: readonly unknown[],
): () => void {
  if (stopPlacing) return end;
  // A page may write anything there.
  const names = Array.isArray(zones) ? zones : [];
  const stopThis = placeZones({ zones: names, pageType: `${context?.page?.type ?? ''}`, createZone, queued });
  stopPlacing = stopThis;
  const orderId = context?.order?.id;
  if (conversion && (typeof orderId === 'number' || typeof orderId === 'string')) {
    import('./conversion.js').then(
      ({ tellConversion }) => {
        if (stopPlacing === stopThis) tellConversion({ orderId, setContext, createZone });
      },
      // The server tells it anyway.
      () => {},
    );
  }
  return end;
}

function end(): void {
  stopPlacing?.();
  stopPlacing = undefined;
}
