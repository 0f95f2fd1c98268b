import type { PlacementRecord, StoreContent } from '../bigcommerce/store-content.js';

/** A page of a storefront, as placements know it. */
export interface PlacementPage {
  readonly channelId: number;
  /** `pages/product` */
  readonly template: string;
  /** Which product, category or content page. Absent on other pages. */
  readonly entityId?: string | undefined;
}

/** Whether a region is on every page. BigCommerce tells it by the name's end. */
export function isGlobal(region: string): boolean {
  return region.endsWith('--global');
}

/** What shows on a page: the active placements, in the order in which each region shows them. */
export function placementsOn(
  { placements }: Pick<StoreContent, 'placements'>,
  { channelId, template, entityId }: PlacementPage,
): PlacementRecord[] {
  return [...placements.values()]
    .filter(
      (placement) =>
        placement.status === 'active' &&
        placement.channel_id === channelId &&
        (isGlobal(placement.region) ||
          (placement.template_file === template &&
            (placement.entity_id === '' || placement.entity_id === entityId))),
    )
    .sort((one, other) => one.sort_order - other.sort_order);
}
