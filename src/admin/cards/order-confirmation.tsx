import { Panel, Text } from '@bigcommerce/big-design';
import { theme } from '@bigcommerce/big-design-theme';
import styled from 'styled-components';
import type { Editing } from '../editing.js';
import { LabelledSwitch } from '../parts/labelled-switch.js';
import { Stack } from '../parts/layout.js';
import { ZonePicture } from '../parts/zone-picture.js';
import { useText } from '../use-text.js';

const Beside = styled.div`
  align-items: center;
  display: flex;
  flex-wrap: wrap;
  gap: ${theme.spacing.medium} ${theme.spacing.xLarge};
  & > svg { flex: none; width: 9rem; }
  & > div { flex: 1 1 14rem; }
`;

/** The pop-up that shows once an order is placed. */
export function OrderConfirmation({ editing }: { readonly editing: Editing }) {
  const text = useText();
  const { draft, set } = editing;
  return (
    <Panel header={text('zone.confirmation')}>
      <Beside>
        <ZonePicture zone="confirmation" />
        <Stack>
          <Text>{text('zone.confirmation.what')}</Text>
          <LabelledSwitch
            id="settings.orderConfirmation"
            isOn={draft.edited.settings.orderConfirmation}
            label={text('confirmation.enable')}
            onChange={(isOn) => set({ orderConfirmation: isOn })}
          />
        </Stack>
      </Beside>
    </Panel>
  );
}
