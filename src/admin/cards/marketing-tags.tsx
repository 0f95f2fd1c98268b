import { Link, Panel, Text } from '@bigcommerce/big-design';
import { theme } from '@bigcommerce/big-design-theme';
import styled from 'styled-components';
import { SWITCHED_ZONES } from '../../catalog/settings.js';
import type { Editing } from '../editing.js';
import { Stack } from '../parts/layout.js';
import { ZoneCard } from '../parts/zone-card.js';
import { useText } from '../use-text.js';

const Cards = styled.fieldset`
  border: 0;
  display: grid;
  gap: ${theme.spacing.medium};
  grid-template-columns: repeat(auto-fit, minmax(min(7rem, 100%), 1fr));
  margin: 0;
  min-width: 0;
  padding: 0;
`;

/** Which CTAs show without anybody placing them. */
export function MarketingTags({ editing }: { readonly editing: Editing }) {
  const text = useText();
  const { draft, set } = editing;
  const { pageBuilderUrl, platform } = draft.saved;
  const { zones } = draft.edited.settings;
  if (platform === 'catalyst') {
    return (
      <Panel header={text('tags.header')}>
        <Text marginBottom="none">{text('tags.catalyst')}</Text>
      </Panel>
    );
  }
  return (
    <Panel header={text('tags.header')}>
      <Stack>
        <Text>{text('tags.help')}</Text>
        <Cards aria-label={text('tags.header')}>
          {SWITCHED_ZONES.map((zone) => (
            <ZoneCard
              isOn={zones[zone]}
              key={zone}
              name={text(`zone.${zone}`)}
              onChange={(isOn) => set({ zones: { ...zones, [zone]: isOn } })}
              what={text(`zone.${zone}.what`)}
              zone={zone}
            />
          ))}
        </Cards>
        {pageBuilderUrl !== null && (
          <div>
            <Link external href={pageBuilderUrl} rel="noreferrer" target="_blank">
              {text('tags.pageBuilder')}
            </Link>
          </div>
        )}
      </Stack>
    </Panel>
  );
}
