import { Badge, H3, Text } from '@bigcommerce/big-design';
import { theme } from '@bigcommerce/big-design-theme';
import { useId } from 'react';
import styled from 'styled-components';
import type { ChannelView } from '../../catalog/admin-api.js';
import type { PromotionFacts } from '../../catalog/rewards.js';
import type { PromotionView, RewardChannelView } from '../../catalog/rewards-api.js';
import type { Api } from '../api.js';
import { Row, Stack } from '../parts/layout.js';
import { Verdict } from '../parts/verdict.js';
import { useFormats } from '../use-formats.js';
import { CopyButton } from './copy-button.js';
import { KeepReady } from './keep-ready.js';
import { PromotionFigures } from './promotion-figures.js';
import { problemText, warningText } from './reward-text.js';
import { useRewardsText } from './rewards-messages.js';
import { TestCode } from './test-code.js';
import type { RewardEditing } from './use-reward-editing.js';

const STATUS_VARIANTS = {
  enabled: 'success',
  disabled: 'secondary',
  invalid: 'danger',
} as const satisfies Readonly<Record<PromotionFacts['status'], string>>;

const Item = styled.li`
  border-top: 1px solid ${theme.colors.secondary20};
  padding-top: ${theme.spacing.medium};
`;

/** A promotion with codes: what it is, what is wrong with it, and what can be done with it. */
export function PromotionItem(props: {
  readonly api: Api;
  readonly promotion: PromotionView;
  readonly channels: readonly ChannelView[];
  readonly view: RewardChannelView;
  readonly editing: RewardEditing | undefined;
}) {
  const { api, promotion, channels, view, editing } = props;
  const { promotionId, name, couponType, status, problem, warnings, isUsed } = promotion;
  const text = useRewardsText();
  const formats = useFormats();
  const id = useId();
  return (
    <Item>
      <Stack $gap="xSmall" aria-labelledby={id} role="group">
        <Row>
          <H3 id={id} marginBottom="none">
            {name}
          </H3>
          {couponType !== null && <Badge label={text(`promotion.${couponType}`)} variant="secondary" />}
          <Badge label={text(`promotion.${status}`)} variant={STATUS_VARIANTS[status]} />
          {isUsed && <Badge label={text('promotion.used')} variant="primary" />}
        </Row>
        <Text color="secondary60" marginBottom="none">
          {text('promotion.id', { id: promotionId })}
        </Text>
        <PromotionFigures promotion={promotion} />
        {problem && (
          <Verdict kind={isUsed ? 'danger' : 'warning'}>
            {problemText(text, formats, problem, promotion)}
          </Verdict>
        )}
        {warnings.map((warning) => (
          <Verdict kind="warning" key={warning.kind}>
            {warningText(text, formats, channels, warning)}
          </Verdict>
        ))}
        <TestCode
          api={api}
          beside={<CopyButton label={text('promotion.copy')} value={`${promotionId}`} />}
          channelId={view.channelId}
          promotionId={promotionId}
        />
        {editing && (
          <KeepReady
            editing={editing}
            isPossible={couponType === 'bulk'}
            label={text('promotion.keepReady')}
            promotionId={promotionId}
          />
        )}
      </Stack>
    </Item>
  );
}
