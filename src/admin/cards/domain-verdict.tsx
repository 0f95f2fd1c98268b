import { Button, ProgressCircle } from '@bigcommerce/big-design';
import type { DomainCheckAnswer } from '../../catalog/admin-api.js';
import type { Api } from '../api.js';
import { Row } from '../parts/layout.js';
import { Verdict } from '../parts/verdict.js';
import { useDomainCheck } from '../use-domain-check.js';
import { useText } from '../use-text.js';

/** What keeps a program domain from being saved, or from ever working; the others may yet come right by themselves. */
const isHopeless = (problem: DomainCheckAnswer['problem']): boolean =>
  problem === 'not-a-host-name' || problem === 'internal-address';

/** Whether the program domain that is being typed works, and if not, why, and what to do. */
export function DomainVerdict(props: {
  readonly api: Api;
  readonly channelId: number;
  readonly programDomain: string;
}) {
  const text = useText();
  const { state, answer, again } = useDomainCheck(props.api, props.channelId, props.programDomain);
  const problem = answer?.problem ?? null;
  const origin = answer?.storefrontOrigin ?? null;
  return (
    <div aria-live="polite" data-testid="domain-check">
      {state === 'checking' && (
        <Row>
          <ProgressCircle size="xxSmall" />
          {text('domain.checking')}
        </Row>
      )}
      {state === 'failed' && <Verdict kind="warning">{text('domain.failed')}</Verdict>}
      {answer && problem === null && (
        <Verdict kind="success">
          {origin === null ? text('domain.well') : text('domain.wellFor', { origin })}
        </Verdict>
      )}
      {problem !== null && (
        <Verdict kind={isHopeless(problem) ? 'danger' : 'warning'}>
          {text(`domain.${problem}`, { domain: answer?.host ?? props.programDomain, origin: origin ?? '' })}
        </Verdict>
      )}
      {(state === 'failed' || (problem !== null && !isHopeless(problem))) && (
        <Button marginTop="xSmall" mobileWidth="auto" onClick={again} type="button" variant="subtle">
          {text('domain.again')}
        </Button>
      )}
    </div>
  );
}
