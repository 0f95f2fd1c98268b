import { LabelledSwitch } from '../parts/labelled-switch.js';
import { FIELD_IDS } from './reward-draft.js';
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
  readonly label: string;
  readonly isPossible: boolean;
}) {
  const { editing, promotionId, label, isPossible } = props;
  const { readyPromotionIds } = editing.draft.typed;
  const isOn = readyPromotionIds.includes(promotionId);
  // What was switched off can be switched on again until that is saved.
  const isSaved = editing.view.settings.readyPromotionIds.includes(promotionId);
  const canBeOn = (isPossible || isSaved) && readyPromotionIds.length < MOST;
  if (!isOn && !canBeOn) return null;
  return (
    <LabelledSwitch
      id={`${FIELD_IDS.readyPromotionIds}.${promotionId}`}
      isOn={isOn}
      label={label}
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
