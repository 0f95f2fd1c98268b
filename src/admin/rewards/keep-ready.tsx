import { LabelledSwitch } from '../parts/labelled-switch.js';
import { FIELD_IDS } from './reward-draft.js';
import { useRewardsText } from './rewards-messages.js';
import type { RewardEditing } from './use-reward-editing.js';

/** The app takes no more. */
const MOST = 20;

/**
 * Whether codes of a promotion are kept ready.
 *
 * @param props.isPossible - Whether they can be. Where they can't, it can only be switched off.
 */
export function KeepReady(props: {
  readonly editing: RewardEditing;
  readonly promotionId: number;
  readonly isPossible: boolean;
}) {
  const { editing, promotionId, isPossible } = props;
  const text = useRewardsText();
  const { readyPromotionIds } = editing.draft.typed;
  const isOn = readyPromotionIds.includes(promotionId);
  if (!isOn && (!isPossible || readyPromotionIds.length >= MOST)) return null;
  return (
    <LabelledSwitch
      id={`${FIELD_IDS.readyPromotionIds}.${promotionId}`}
      isOn={isOn}
      label={text('promotion.keepReady')}
      onChange={(isWanted) =>
        editing.set({
          readyPromotionIds: isWanted
            ? [...readyPromotionIds, promotionId]
            : readyPromotionIds.filter((one) => one !== promotionId),
        })
      }
    />
  );
}
