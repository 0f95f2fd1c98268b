import { Button } from '@bigcommerce/big-design';
import { theme } from '@bigcommerce/big-design-theme';
import { useRef } from 'react';
import styled from 'styled-components';
import { type Draft, hasChanges, hasTypedSecrets } from '../draft.js';
import { errorText } from '../failure-text.js';
import type { FollowedJob } from '../use-job.js';
import type { Saving } from '../use-saving.js';
import { useText } from '../use-text.js';
import { JobProgress } from './job-progress.js';
import { Row, Stack } from './layout.js';
import { Verdict } from './verdict.js';

const { colors, spacing } = theme;

const Bar = styled.div`
  background: ${colors.white};
  border-top: 1px solid ${colors.secondary30};
  bottom: 0;
  box-shadow: 0 -2px 8px rgb(0 0 0 / 8%);
  position: sticky;
  z-index: 10;
  &:focus { outline: none; }
  & > div {
    margin: 0 auto;
    max-width: 56rem;
    padding: ${spacing.small} ${spacing.medium};
  }
  /* There for screen readers before something is said in it. */
  &[data-empty='true'] { border: 0; box-shadow: none; }
  &[data-empty='true'] > div { padding: 0; }
`;

const Spread = styled(Row)`
  justify-content: space-between;
`;

/** At the bottom of the page, always in sight: what is not saved, how saving went, and what is being done in the store. */
export function SaveBar(props: {
  readonly draft: Draft;
  readonly saving: Saving;
  readonly followed: FollowedJob;
  readonly isOver: boolean;
  readonly onDiscard: () => void;
  readonly onRepair: () => void;
}) {
  const { draft, saving, followed, isOver, onDiscard, onRepair } = props;
  const { isSaving, isSaved, error } = saving;
  const { job, dismiss } = followed;
  const text = useText();
  // The buttons go once they have done their work. The focus stays here.
  const bar = useRef<HTMLDivElement>(null);
  const isChanged = hasChanges(draft);
  const issueCount = draft.issues.length;
  const saved = !isChanged && isSaved && !job;
  const isEmpty = !isChanged && !saved && !isSaving && !job && !error && !isOver && issueCount === 0;
  return (
    <Bar data-empty={isEmpty} ref={bar} tabIndex={-1}>
      <Stack $gap="xSmall" aria-live="polite" role="status">
        {isOver && (
          <Verdict kind="danger">
            {text('session.over')} {hasTypedSecrets(draft) && text('session.secrets')}
          </Verdict>
        )}
        {error && <Verdict kind="danger">{text('save.failed', { reason: errorText(text, error) })}</Verdict>}
        {issueCount > 0 && <Verdict kind="danger">{text('save.issues', { count: issueCount })}</Verdict>}
        {saved && <Verdict kind="success">{text('save.done')}</Verdict>}
        {job && <JobProgress job={job} onAgain={onRepair} onDismiss={dismiss} />}
        {(isChanged || isSaving) && (
          <Spread>
            <span>{text(isSaving ? 'save.running' : 'save.unsaved')}</span>
            <Row>
              <Button
                mobileWidth="auto"
                onClick={() => {
                  bar.current?.focus();
                  onDiscard();
                }}
                type="button"
                variant="subtle"
              >
                {text('save.discard')}
              </Button>
              <Button
                disabled={isOver}
                mobileWidth="auto"
                onClick={() => {
                  bar.current?.focus();
                  saving.save(draft);
                }}
                type="button"
              >
                {text('save.changes')}
              </Button>
            </Row>
          </Spread>
        )}
      </Stack>
    </Bar>
  );
}
