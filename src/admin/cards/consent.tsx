import { Checkbox, Panel, Radio, Text } from '@bigcommerce/big-design';
import { CONSENT_CATEGORIES } from '../../catalog/consent-categories.js';
import type { Editing } from '../editing.js';
import { Columns, Group, Stack } from '../parts/layout.js';
import { useText } from '../use-text.js';

/** When a shopper's consent is needed. */
export function Consent({ editing }: { readonly editing: Editing }) {
  const text = useText();
  const { draft, set } = editing;
  const { consentCategory, requireConsent } = draft.edited.settings;
  return (
    <Panel header={text('consent.header')}>
      <Stack>
        <Text>{text('consent.help')}</Text>
        <Group>
          <legend>{text('consent.category')}</legend>
          <Columns>
            {CONSENT_CATEGORIES.map((category) => (
              <Radio
                checked={category === consentCategory}
                key={category}
                label={text(`consent.${category}`)}
                name="consentCategory"
                onChange={() => set({ consentCategory: category })}
              />
            ))}
          </Columns>
        </Group>
        <Checkbox
          checked={requireConsent}
          description={text('consent.requireHelp')}
          id="settings.requireConsent"
          label={text('consent.require')}
          onChange={({ target }) => set({ requireConsent: target.checked })}
        />
      </Stack>
    </Panel>
  );
}
