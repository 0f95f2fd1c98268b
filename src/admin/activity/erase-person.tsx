import { Radio, Text } from '@bigcommerce/big-design';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type ErasureBody, erasureBodySchema } from '../../catalog/activity-api.js';
import type { Api } from '../api.js';
import { Dialog } from '../dialogs/dialog.js';
import { ActionButton } from '../parts/action-button.js';
import { Group, Row, Stack } from '../parts/layout.js';
import { TextField } from '../parts/text-field.js';
import { Verdict } from '../parts/verdict.js';
import { useActivityText } from './activity-messages.js';
import { activityErrorText } from './event-text.js';
import { refreshAll } from './live.js';
import { wholeNumber } from './whole-number.js';

/** By what a person may be found. */
const WAYS = ['email', 'customerId'] as const;
type Way = (typeof WAYS)[number];

/** Whom to erase; `undefined` when what was typed is none. */
const bodyOf = (way: Way, typed: string): ErasureBody | undefined =>
  erasureBodySchema.safeParse({ [way]: way === 'email' ? typed.trim() : wholeNumber(typed) }).data;

/** Erases what is kept of a person. It asks first. */
export function ErasePerson({ api }: { readonly api: Api }) {
  const text = useActivityText();
  const client = useQueryClient();
  const [way, setWay] = useState<Way>('email');
  const [typed, setTyped] = useState('');
  const [isWrong, setIsWrong] = useState(false);
  /** What is asked about. */
  const [body, setBody] = useState<ErasureBody>();
  const erased = useMutation({
    mutationFn: api.erase,
    onSuccess() {
      setTyped('');
      void refreshAll(client);
    },
  });
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const wanted = bodyOf(way, typed);
        setIsWrong(wanted === undefined);
        setBody(wanted);
      }}
    >
      <Stack>
        <Group>
          <legend>{text('privacy.by')}</legend>
          <Row>
            {WAYS.map((one) => (
              <Radio
                checked={way === one}
                key={one}
                label={text(`privacy.${one}`)}
                name="erase-by"
                onChange={() => {
                  setWay(one);
                  setIsWrong(false);
                }}
              />
            ))}
          </Row>
        </Group>
        <TextField
          autoComplete="off"
          error={isWrong ? text(`privacy.${way}Invalid`) : undefined}
          id="erase-whom"
          label={text(`privacy.${way}`)}
          onChange={setTyped}
          value={typed}
        />
        <Row>
          <ActionButton isBusy={erased.isPending} isDestructive label={text('privacy.erase')} />
        </Row>
        <div aria-live="polite">
          {erased.data && (
            <Verdict kind="success">{text('privacy.done', { count: erased.data.events })}</Verdict>
          )}
          {erased.error && (
            <Verdict kind="danger">
              {text('privacy.failed', { reason: activityErrorText(text, erased.error) })}
            </Verdict>
          )}
        </div>
      </Stack>
      {body && (
        <Dialog
          cancel={text('cancel')}
          confirm={text('privacy.erase')}
          header={text('privacy.ask')}
          onCancel={() => setBody(undefined)}
          onConfirm={() => {
            setBody(undefined);
            erased.mutate(body);
          }}
        >
          <Text>{text('privacy.askHelp', { who: typed.trim() })}</Text>
        </Dialog>
      )}
    </form>
  );
}
