import { Panel, Text } from '@bigcommerce/big-design';
import type { PromotionsAnswer } from '../../catalog/rewards-api.js';
import { LabelledSwitch } from '../parts/labelled-switch.js';
import { Stack } from '../parts/layout.js';
import { CodeLook } from './code-look.js';
import { CodeUses } from './code-uses.js';
import { Intake } from './intake.js';
import { FIELD_IDS } from './reward-draft.js';
import { useRewardsText } from './rewards-messages.js';
import { Routing } from './routing.js';
import { Told } from './told.js';
import type { RewardEditing } from './use-reward-editing.js';

/** How the rewards of one storefront come in, and what becomes of them. */
export function RewardSettingsPanel(props: {
  readonly editing: RewardEditing;
  readonly promotions: PromotionsAnswer | undefined;
}) {
  const { editing, promotions } = props;
  const text = useRewardsText();
  return (
    <Panel header={text('setup.header')}>
      <Stack $gap="xLarge">
        <Stack $gap="xSmall">
          <LabelledSwitch
            id={FIELD_IDS.isEnabled}
            isOn={editing.draft.typed.isEnabled}
            label={text('setup.enable')}
            onChange={(isEnabled) => editing.set({ isEnabled })}
          />
          <Text color="secondary60" marginBottom="none">
            {text('setup.enableHelp')}
          </Text>
        </Stack>
        <Intake editing={editing} />
        <Routing editing={editing} promotions={promotions} />
        <Told editing={editing} />
        <CodeLook editing={editing} />
        <CodeUses editing={editing} />
      </Stack>
    </Panel>
  );
}
