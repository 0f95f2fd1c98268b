import { ProgressCircle } from '@bigcommerce/big-design';
import type { ImportView } from '../../catalog/activity-api.js';
import { Row } from '../parts/layout.js';
import { Verdict } from '../parts/verdict.js';
import { useFormats } from '../use-formats.js';
import { useActivityText } from './activity-messages.js';
import { activityFailureText } from './event-text.js';

/** How the last import stands. */
export function ImportProgress({ last }: { readonly last: ImportView }) {
  const { state, since, found, failure } = last;
  const text = useActivityText();
  const { count, day } = useFormats();
  const values = { when: day(since), count: count(found) };
  if (state === 'running') {
    return (
      <Row>
        <ProgressCircle size="xxSmall" />
        {text('import.running', values)}
      </Row>
    );
  }
  return state === 'done' ? (
    <Verdict kind="success">{text('import.done', values)}</Verdict>
  ) : (
    <Verdict kind="danger">
      {text('import.stopped', { ...values, reason: failure ? activityFailureText(text, failure) : '' })}
    </Verdict>
  );
}
