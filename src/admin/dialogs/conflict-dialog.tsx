import { Text } from '@bigcommerce/big-design';
import { useState } from 'react';
import type { ChannelView } from '../../catalog/admin-api.js';
import { type Draft, disagreements, disputedSecrets } from '../draft.js';
import type { Editing } from '../editing.js';
import { fieldLabel, fieldText } from '../field-text.js';
import { Stack } from '../parts/layout.js';
import { useText } from '../use-text.js';
import { ConflictChoice } from './conflict-choice.js';
import { Dialog } from './dialog.js';

/** Shows what somebody else saved meanwhile, field by field, and lets the user keep their own or take the other's. */
export default function ConflictDialog(props: {
  readonly editing: Editing;
  readonly conflict: NonNullable<Draft['conflict']>;
  readonly onDecide: (current: ChannelView, keptPaths: ReadonlySet<string>) => void;
  readonly onCancel: () => void;
}) {
  const { editing, conflict, onDecide, onCancel } = props;
  const { draft, state } = editing;
  const { current, wasSaving } = conflict;
  const text = useText();
  const fields = disagreements(draft, current);
  const secrets = disputedSecrets(draft, current);
  // What was changed here counts, until it is said otherwise.
  const [kept, setKept] = useState<ReadonlySet<string>>(
    () =>
      new Set([...fields.filter(({ isMineToo }) => isMineToo).map(({ field }) => field.path), ...secrets]),
  );
  const choose = (path: string, isMine: boolean): void => {
    const next = new Set(kept);
    if (isMine) next.add(path);
    else next.delete(path);
    setKept(next);
  };
  return (
    <Dialog
      cancel={text('cancel')}
      confirm={text(wasSaving ? 'conflict.save' : 'conflict.keep')}
      header={text('conflict.header')}
      onCancel={onCancel}
      onConfirm={() => onDecide(current, kept)}
    >
      <Stack>
        <Text>
          {text(current.savedBy === null ? 'conflict.help' : 'conflict.helpWho', {
            who: current.savedBy ?? '',
          })}
        </Text>
        {fields.length + secrets.length === 0 && <Text>{text('conflict.nothing')}</Text>}
        {fields.map(({ field }) => (
          <ConflictChoice
            isMine={kept.has(field.path)}
            key={field.path}
            label={fieldLabel(text, field.path)}
            mine={fieldText(text, state, field, draft.edited)}
            onChange={(isMine) => choose(field.path, isMine)}
            path={field.path}
            theirs={fieldText(text, state, field, current)}
          />
        ))}
        {secrets.map((name) => (
          <ConflictChoice
            isMine={kept.has(name)}
            key={name}
            label={text(name === 'accessToken' ? 'core.token' : 'verified.key')}
            mine={text(draft.secrets[name] === null ? 'conflict.removed' : 'conflict.typed')}
            onChange={(isMine) => choose(name, isMine)}
            path={name}
            theirs={
              current[name] === null
                ? text('conflict.removed')
                : text('secret.saved', { lastFour: current[name].lastFour })
            }
          />
        ))}
      </Stack>
    </Dialog>
  );
}
