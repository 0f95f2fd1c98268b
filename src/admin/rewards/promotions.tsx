import { Button, Panel, ProgressCircle, Text } from '@bigcommerce/big-design';
import { useState } from 'react';
import type { ChannelView } from '../../catalog/admin-api.js';
import type { PromotionsAnswer, PromotionView, RewardChannelView } from '../../catalog/rewards-api.js';
import type { Api } from '../api.js';
import { Disclosure } from '../parts/disclosure.js';
import { PlainList, Row, Stack } from '../parts/layout.js';
import { Verdict } from '../parts/verdict.js';
import { KeepReady } from './keep-ready.js';
import { MakePromotion } from './make-promotion.js';
import { PromotionItem } from './promotion-item.js';
import { rewardErrorText } from './reward-text.js';
import { useRewardsText } from './rewards-messages.js';
import type { RewardEditing } from './use-reward-editing.js';

/** So many are shown without asking, unless more are in use. */
const FEW = 6;

/** The promotions of the store, those with codes first, and how to make one. */
export function Promotions(props: {
  readonly api: Api;
  readonly answer: PromotionsAnswer | undefined;
  readonly error: Error | null;
  /** Whether the app may see promotions. */
  readonly hasScope: boolean;
  readonly channels: readonly ChannelView[];
  /** The storefront that is chosen. */
  readonly view: RewardChannelView;
  /** Its settings; `undefined` where it has those of another. */
  readonly editing: RewardEditing | undefined;
}) {
  const { answer, error, hasScope, view, editing } = props;
  const text = useRewardsText();
  const withCodes = answer?.promotions.filter(({ couponType }) => couponType !== null) ?? [];
  const others = answer?.promotions.filter(({ couponType }) => couponType === null) ?? [];
  return (
    <Panel header={text('promotions.header')}>
      <Stack $gap="xLarge">
        <Stack $gap="xSmall">
          <Text>{text(hasScope ? 'promotions.help' : 'promotions.noScope')}</Text>
          <Text>{text('make.advice')}</Text>
          <MakePromotion isNeeded={answer !== undefined && withCodes.length === 0} />
        </Stack>
        {error && (
          <div role="alert">
            <Verdict kind="danger">
              {text('promotions.failed', { reason: rewardErrorText(text, error) })}
            </Verdict>
          </div>
        )}
        {hasScope && !answer && !error && (
          <div aria-busy="true" aria-label={text('promotions.loading')} role="status">
            <ProgressCircle size="xSmall" />
          </div>
        )}
        {answer && (
          <Stack $gap="xSmall">
            {answer.missing.map((id) => (
              <Verdict kind="danger" key={id}>
                {text(isOnlyKept(view, id) ? 'promotions.missingReady' : 'promotions.missing', { id })}
                {editing && (
                  <KeepReady
                    editing={editing}
                    isPossible={false}
                    label={text('promotion.keepReadyOf', { id })}
                    promotionId={id}
                  />
                )}
              </Verdict>
            ))}
            {withCodes.length === 0 && <Text bold>{text('promotions.none')}</Text>}
          </Stack>
        )}
        {withCodes.length > 0 && <WithCodes {...props} promotions={withCodes} />}
        {others.length > 0 && <WithoutCodes promotions={others} />}
      </Stack>
    </Panel>
  );
}

/** Whether a promotion is named only as one that codes are kept ready of. */
const isOnlyKept = ({ settings }: RewardChannelView, id: number): boolean =>
  settings.readyPromotionIds.includes(id) &&
  !settings.suppliers.some(({ promotionId }) => promotionId === id);

function WithCodes(
  props: Pick<Parameters<typeof Promotions>[0], 'api' | 'channels' | 'view' | 'editing'> & {
    readonly promotions: readonly PromotionView[];
  },
) {
  const { promotions, ...others } = props;
  const text = useRewardsText();
  const [isAll, setIsAll] = useState(false);
  // Those that rewards come from are always shown.
  const sorted = [...promotions].sort((one, other) => Number(other.isUsed) - Number(one.isUsed));
  const few = Math.max(FEW, promotions.filter(({ isUsed }) => isUsed).length);
  const shown = isAll ? sorted : sorted.slice(0, few);
  return (
    <Stack>
      <PlainList>
        {shown.map((promotion) => (
          <PromotionItem key={promotion.promotionId} promotion={promotion} {...others} />
        ))}
      </PlainList>
      {sorted.length > few && (
        <Row>
          <Button
            aria-expanded={isAll}
            mobileWidth="auto"
            onClick={() => setIsAll(!isAll)}
            type="button"
            variant="secondary"
          >
            {text(isAll ? 'promotions.fewer' : 'promotions.all', { count: sorted.length })}
          </Button>
        </Row>
      )}
    </Stack>
  );
}

function WithoutCodes({ promotions }: { readonly promotions: readonly PromotionView[] }) {
  const text = useRewardsText();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Disclosure
      isOpen={isOpen}
      onToggle={setIsOpen}
      title={text('promotions.automatic', { count: promotions.length })}
    >
      <Stack $gap="xSmall">
        <Text>{text('promotions.automaticHelp')}</Text>
        <PlainList>
          {promotions.map(({ promotionId, name, isUsed }) => (
            <li key={promotionId}>
              {text('promotion.named', { name, id: promotionId })}
              {isUsed && <Verdict kind="danger">{text('problem.not-coupon')}</Verdict>}
            </li>
          ))}
        </PlainList>
      </Stack>
    </Disclosure>
  );
}
