import { Button, ProgressBar } from '@bigcommerce/big-design';
import type { JobView } from '../../catalog/admin-api.js';
import { failureText } from '../failure-text.js';
import { hasEnded } from '../use-job.js';
import { useText } from '../use-text.js';
import { Row, Stack } from './layout.js';
import { Verdict } from './verdict.js';

/** What is being done in the store, while it is done; then, how it went. */
export function JobProgress(props: {
  readonly job: JobView;
  readonly onAgain: () => void;
  readonly onDismiss: () => void;
}) {
  const { job, onAgain, onDismiss } = props;
  const { state, steps, failure } = job;
  const text = useText();
  const done = steps.filter((step) => step.state === 'done').length;
  const running = steps.find((step) => step.state === 'running');
  const reason = failure ? failureText(text, failure) : '';
  return (
    <Stack $gap="xSmall">
      {state === 'waiting' && <div>{failure ? text('job.retrying', { reason }) : text('job.waiting')}</div>}
      {state === 'running' && (
        <>
          <div>
            {steps.length === 0 ? text('job.looking') : text('job.running', { done, total: steps.length })}
            {running && ` ${text('job.step', { action: running.action, name: running.name })}`}
          </div>
          {/* The sentence says it already. */}
          <div aria-hidden="true">
            <ProgressBar percent={steps.length === 0 ? 0 : (100 * done) / steps.length} />
          </div>
        </>
      )}
      {state === 'done' && <Verdict kind="success">{text('job.done')}</Verdict>}
      {state === 'failed' && <Verdict kind="danger">{text('job.failed', { reason })}</Verdict>}
      {hasEnded(job) && (
        <Row>
          {state === 'failed' && (
            <Button mobileWidth="auto" onClick={onAgain} type="button" variant="secondary">
              {text('job.again')}
            </Button>
          )}
          <Button mobileWidth="auto" onClick={onDismiss} type="button" variant="subtle">
            {text('close')}
          </Button>
        </Row>
      )}
    </Stack>
  );
}
