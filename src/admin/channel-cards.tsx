import { Box, Button } from '@bigcommerce/big-design';
import { lazy, Suspense, useState } from 'react';
import { CoreSettings } from './cards/core-settings.js';
import { MarketingTags } from './cards/marketing-tags.js';
import { OrderConfirmation } from './cards/order-confirmation.js';
import { Rewards } from './cards/rewards.js';
import type { Editing } from './editing.js';
import { useText } from './use-text.js';

const Advanced = lazy(() => import('./advanced.js'));

/** What is shown without asking. */
const PLAIN_FIELDS = ['settings.programDomain', 'accessToken', 'sameAs'];

/** The settings of one storefront. */
export function ChannelCards({ editing }: { readonly editing: Editing }) {
  const text = useText();
  const [isOpen, setIsOpen] = useState(false);
  const { draft } = editing;
  const isWrong = draft.issues.some(({ path }) => !PLAIN_FIELDS.includes(path));
  const isShown = isOpen || isWrong;
  return (
    <>
      <CoreSettings editing={editing} />
      <MarketingTags editing={editing} />
      {draft.saved.platform !== 'catalyst' && <OrderConfirmation editing={editing} />}
      <Rewards />
      <Box marginBottom="medium" paddingHorizontal={{ mobile: 'medium', tablet: 'none' }}>
        <Button
          aria-expanded={isShown}
          mobileWidth="auto"
          onClick={() => setIsOpen(!isShown)}
          type="button"
          variant="secondary"
        >
          {text('advanced.toggle')}
        </Button>
      </Box>
      {isShown && (
        <Suspense>
          <Advanced editing={editing} />
        </Suspense>
      )}
    </>
  );
}
