import { Panel, Text } from '@bigcommerce/big-design';
import type { Editing } from '../editing.js';
import { LabelledSwitch } from '../parts/labelled-switch.js';
import { Stack } from '../parts/layout.js';
import { useText } from '../use-text.js';

/** Whether the order confirmation page tells Extole of the order as well. */
export function BrowserConversion({ editing }: { readonly editing: Editing }) {
  const text = useText();
  const { draft, set } = editing;
  return (
    <Panel header={text('conversion.header')}>
      <Stack>
        <Text>{text('conversion.help')}</Text>
        <LabelledSwitch
          id="settings.browserConversion"
          isOn={draft.edited.settings.browserConversion}
          label={text('conversion.enable')}
          onChange={(isOn) => set({ browserConversion: isOn })}
        />
      </Stack>
    </Panel>
  );
}
