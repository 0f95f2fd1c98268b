import { Button, H1, Text } from '@bigcommerce/big-design';
import { ApiError } from '../api.js';
import { errorText } from '../failure-text.js';
import { useText } from '../use-text.js';
import { Card } from './card.js';
import { Column, Row, Stack } from './layout.js';

/** What stands in the page when the app does not tell what there is to set. */
export function CannotStart({ error, onAgain }: { readonly error: Error; readonly onAgain: () => void }) {
  const text = useText();
  const isOver = error instanceof ApiError && error.status === 401;
  return (
    <Column>
      <Card>
        <Stack role="alert">
          <H1 marginBottom="none">{text('start.title')}</H1>
          <Text>{errorText(text, error)}</Text>
          {!isOver && (
            <Row>
              <Button mobileWidth="auto" onClick={onAgain}>
                {text('start.again')}
              </Button>
            </Row>
          )}
        </Stack>
      </Card>
    </Column>
  );
}
