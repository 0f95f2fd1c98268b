import { theme } from '@bigcommerce/big-design-theme';
import styled from 'styled-components';
import type { PromotionView } from '../../catalog/rewards-api.js';
import { type Formats, useFormats } from '../use-formats.js';
import { type RewardsText, useRewardsText } from './rewards-messages.js';

const List = styled.dl`
  display: grid;
  gap: ${theme.spacing.xSmall} ${theme.spacing.medium};
  grid-template-columns: repeat(auto-fit, minmax(min(10rem, 100%), 1fr));
  margin: 0;
  & dt { color: ${theme.colors.secondary60}; }
  & dd { margin: 0; }
`;

/** When a promotion runs, and how much it and its codes are used. */
export function PromotionFigures({ promotion }: { readonly promotion: PromotionView }) {
  const text = useRewardsText();
  const formats = useFormats();
  const { count } = formats;
  const { maxUses, currentUses, openCodes, ready } = promotion;
  return (
    <List>
      <div>
        <dt>{text('promotion.runs')}</dt>
        <dd>{runsText(text, formats, promotion)}</dd>
      </div>
      <div>
        <dt>{text('promotion.uses')}</dt>
        <dd>
          {maxUses === null
            ? text('promotion.usesNoLimit', { used: count(currentUses) })
            : text('promotion.of', { count: count(currentUses), most: count(maxUses) })}
        </dd>
      </div>
      <div>
        <dt>{text('promotion.open')}</dt>
        <dd>{count(openCodes)}</dd>
      </div>
      {ready && (
        <div>
          <dt>{text('promotion.ready')}</dt>
          <dd>{text('promotion.of', { count: count(ready.count), most: count(ready.target) })}</dd>
        </div>
      )}
    </List>
  );
}

function runsText(text: RewardsText, { day }: Formats, { startsAt, endsAt }: PromotionView): string {
  if (startsAt !== null && endsAt !== null) {
    return text('promotion.fromUntil', { start: day(startsAt), end: day(endsAt) });
  }
  if (startsAt !== null) return text('promotion.from', { start: day(startsAt) });
  if (endsAt !== null) return text('promotion.until', { end: day(endsAt) });
  return text('promotion.always');
}
