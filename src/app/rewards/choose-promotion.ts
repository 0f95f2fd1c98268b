import type { RewardSettings } from '../../catalog/rewards.js';
import type { ExtoleReward } from '../extole/rewards.js';

/**
 * The promotion whose codes a reward's supplier gives: the one that the supplier itself names, where settings take its word for it, or else the one of
 * the settings.
 *
 * @returns `undefined`: neither names one.
 */
export function choosePromotion(
  { usesPartnerSupplierIds, suppliers }: Pick<RewardSettings, 'usesPartnerSupplierIds' | 'suppliers'>,
  { supplierId, partnerSupplierId }: Pick<ExtoleReward, 'supplierId' | 'partnerSupplierId'>,
): number | undefined {
  const named = usesPartnerSupplierIds ? promotionIdIn(partnerSupplierId) : undefined;
  return named ?? suppliers.find((supplier) => supplier.supplierId === supplierId)?.promotionId;
}

/** A merchant typed it, or something else. */
function promotionIdIn(text: string | null): number | undefined {
  const digits = text?.trim() ?? '';
  const id = /^\d+$/.test(digits) ? Number(digits) : 0;
  return id > 0 && Number.isSafeInteger(id) ? id : undefined;
}
