import { Text } from '@bigcommerce/big-design';
import { Row, Stack } from '../parts/layout.js';
import { CopyButton } from './copy-button.js';
import { useRewardsText } from './rewards-messages.js';

/** Where Extole's webhook is to go. */
export function WebhookAddress({ url }: { readonly url: string }) {
  const text = useRewardsText();
  return (
    <Stack $gap="xSmall">
      <Text as="span" bold marginBottom="none">
        {text('intake.address')}
      </Text>
      <Text color="secondary60" marginBottom="none">
        {text('intake.addressHelp')}
      </Text>
      <Row>
        <code>{url}</code>
        <CopyButton label={text('intake.copyAddress')} value={url} />
      </Row>
    </Stack>
  );
}
