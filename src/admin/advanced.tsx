import { Button } from '@bigcommerce/big-design';
import { BrowserConversion } from './cards/browser-conversion.js';
import { Consent } from './cards/consent.js';
import { NotificationEvents } from './cards/notification-events.js';
import { OrderCreatedData } from './cards/order-created-data.js';
import { VerifiedShoppers } from './cards/verified-shoppers.js';
import type { Editing } from './editing.js';
import { Card } from './parts/card.js';
import { Row } from './parts/layout.js';
import { useFocusFirstIssue } from './use-focus-first-issue.js';
import { useText } from './use-text.js';

/** What most merchants leave as it is. A file of its own, loaded when it is asked for. */
export default function Advanced({ editing }: { readonly editing: Editing }) {
  const text = useText();
  useFocusFirstIssue(editing.draft.issues);
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        editing.save();
      }}
    >
      <NotificationEvents editing={editing} />
      <OrderCreatedData editing={editing} />
      <Consent editing={editing} />
      <BrowserConversion editing={editing} />
      <VerifiedShoppers editing={editing} />
      <Card>
        <Row>
          <Button mobileWidth="auto" type="submit">
            {text('save')}
          </Button>
        </Row>
      </Card>
    </form>
  );
}
