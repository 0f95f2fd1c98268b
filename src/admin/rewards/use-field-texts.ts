import type { PromotionsAnswer } from '../../catalog/rewards-api.js';
import type { Disagreement, RewardField, TypedRewards } from './reward-draft.js';
import { promotionName } from './reward-text.js';
import { type RewardsMessageId, useRewardsText } from './rewards-messages.js';

const LABELS: Readonly<Record<Disagreement, RewardsMessageId>> = {
  isEnabled: 'setup.enable',
  intake: 'intake.header',
  webhookProof: 'intake.proof',
  webhookKey: 'intake.key',
  usesPartnerSupplierIds: 'route.own',
  suppliers: 'route.suppliers',
  told: 'told.header',
  prefix: 'code.prefix',
  pattern: 'code.pattern',
  length: 'code.length',
  excludesLookAlikes: 'code.lookAlikes',
  maxUses: 'uses.max',
  maxUsesPerCustomer: 'uses.perCustomer',
  readyPromotionIds: 'promotion.keepReady',
  minReady: 'ready.min',
};

/** What fields are called on the page, and what they hold, for people. */
export function useFieldTexts(promotions: PromotionsAnswer | undefined): {
  labelOf(what: Disagreement): string;
  shownAt(typed: TypedRewards, field: RewardField): string;
} {
  const text = useRewardsText();
  const name = (id: number): string => promotionName(text, promotions, id);
  return {
    labelOf: (what) => text(LABELS[what]),
    shownAt(typed, field) {
      switch (field) {
        case 'intake':
          return text(`intake.${typed.intake}`);
        case 'webhookProof':
          return text(`proof.${typed.webhookProof}`);
        case 'told':
          return text(`told.${typed.told}`);
        case 'pattern':
          return text(`code.${typed.pattern}`);
        case 'suppliers':
          return (
            typed.suppliers
              .map(({ supplierId, promotionId }) => `${supplierId}: ${promotionId && name(promotionId)}`)
              .join(', ') || text('conflict.empty')
          );
        case 'readyPromotionIds':
          return typed.readyPromotionIds.map(name).join(', ') || text('conflict.empty');
        default: {
          const value = typed[field];
          if (typeof value === 'boolean') return text(value ? 'conflict.on' : 'conflict.off');
          return `${value}` || text('conflict.empty');
        }
      }
    },
  };
}
