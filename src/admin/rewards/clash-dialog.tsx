import { Button, Text } from '@bigcommerce/big-design';
import type { PromotionsAnswer, RewardChannelView } from '../../catalog/rewards-api.js';
import { ModalBox } from '../dialogs/modal-box.js';
import { PlainList, Stack } from '../parts/layout.js';
import { type Disagreement, disagreements, typedOf } from './reward-draft.js';
import { useRewardsText } from './rewards-messages.js';
import { useFieldTexts } from './use-field-texts.js';
import type { RewardEditing } from './use-reward-editing.js';

/** Shows what somebody else saved meanwhile where both changed the same, and asks whose counts. */
export function ClashDialog(props: {
  readonly conflict: RewardChannelView;
  readonly editing: RewardEditing;
  readonly promotions: PromotionsAnswer | undefined;
}) {
  const { conflict, editing, promotions } = props;
  const { draft, reset, decide } = editing;
  const text = useRewardsText();
  const { labelOf, shownAt } = useFieldTexts(promotions);
  const mine = (what: Disagreement): string =>
    what === 'webhookKey'
      ? text(draft.webhookKey === null ? 'conflict.removed' : 'conflict.typed')
      : shownAt(draft.typed, what);
  const theirs = (what: Disagreement): string => {
    if (what !== 'webhookKey') return shownAt(typedOf(conflict.settings), what);
    const { webhookKey } = conflict;
    return webhookKey === null
      ? text('conflict.removed')
      : text('secret.saved', { lastFour: webhookKey.lastFour });
  };
  return (
    <ModalBox
      actions={
        <>
          <Button mobileWidth="auto" onClick={reset} type="button" variant="subtle">
            {text('cancel')}
          </Button>
          <Button mobileWidth="auto" onClick={() => decide('theirs')} type="button" variant="secondary">
            {text('clash.theirs')}
          </Button>
          <Button mobileWidth="auto" onClick={() => decide('mine')} type="button">
            {text('clash.mine')}
          </Button>
        </>
      }
      header={text('conflict.header')}
      onClose={reset}
    >
      <Stack>
        <Text>
          {text(conflict.savedBy === null ? 'conflict.help' : 'conflict.helpWho', {
            who: conflict.savedBy ?? '',
          })}
        </Text>
        <PlainList>
          {disagreements(draft, conflict).map((what) => (
            <li key={what}>
              <Text bold marginBottom="none">
                {labelOf(what)}
              </Text>
              <div>{text('conflict.mine', { value: mine(what) })}</div>
              <div>{text('conflict.theirs', { value: theirs(what) })}</div>
            </li>
          ))}
        </PlainList>
      </Stack>
    </ModalBox>
  );
}
