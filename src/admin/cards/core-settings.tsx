import { Button, Panel } from '@bigcommerce/big-design';
import type { Editing } from '../editing.js';
import { Card } from '../parts/card.js';
import { LabelledSwitch } from '../parts/labelled-switch.js';
import { Row, Stack } from '../parts/layout.js';
import { TextField } from '../parts/text-field.js';
import { useText } from '../use-text.js';
import { AccessToken } from './access-token.js';
import { DomainVerdict } from './domain-verdict.js';

/** The program domain and the token: what nothing works without. */
export function CoreSettings({ editing }: { readonly editing: Editing }) {
  const text = useText();
  const { draft, issue, set, save } = editing;
  const { programDomain, isEnabled } = draft.edited.settings;
  return (
    <>
      <Panel header={text('core.header')} marginBottom="small">
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            save();
          }}
        >
          <Stack $gap="xLarge">
            <Stack $gap="xSmall">
              <TextField
                autoComplete="off"
                error={issue('settings.programDomain')}
                help={text('core.domainHelp')}
                id="settings.programDomain"
                label={text('core.domain')}
                onChange={(typed) => set({ programDomain: withoutScheme(typed) })}
                placeholder="share.brand.com"
                required
                value={programDomain}
              />
              <DomainVerdict
                api={editing.api}
                channelId={draft.saved.channelId}
                programDomain={programDomain}
              />
            </Stack>
            <AccessToken editing={editing} />
            <Row>
              <Button mobileWidth="auto" type="submit">
                {text('save')}
              </Button>
            </Row>
          </Stack>
        </form>
      </Panel>
      <Card>
        <LabelledSwitch
          id="settings.isEnabled"
          isOn={isEnabled}
          label={text('core.enable')}
          onChange={(isOn) => set({ isEnabled: isOn })}
        />
      </Card>
    </>
  );
}

/** The host of an address that was pasted; anything else as it was typed. */
const withoutScheme = (typed: string): string =>
  /^\s*https?:\/\//i.test(typed) ? typed.replace(/^\s*https?:\/\//i, '').replace(/[/?#].*$/, '') : typed;
