import { Button, Text } from '@bigcommerce/big-design';
import { AddIcon } from '@bigcommerce/big-design-icons';
import { theme } from '@bigcommerce/big-design-theme';
import { useRef, useState } from 'react';
import styled from 'styled-components';
import { isWithin } from '../draft.js';
import type { Editing } from '../editing.js';
import { Disclosure } from '../parts/disclosure.js';
import { Stack } from '../parts/layout.js';
import { useText } from '../use-text.js';
import { CustomEventDataRow } from './custom-event-data-row.js';

const MOST_ROWS = 50;
const PATH = 'settings.customEventData';

const { colors, spacing, breakpoints } = theme;

/** Where there is little room, each row is a block of its own. */
const Table = styled.table`
  border-collapse: collapse;
  width: 100%;
  th { padding: ${spacing.xSmall} ${spacing.xSmall} ${spacing.xSmall} 0; text-align: left; }
  td { padding: ${spacing.xSmall} ${spacing.xSmall} ${spacing.xSmall} 0; vertical-align: top; }
  tbody tr { border-top: 1px solid ${colors.secondary20}; }
  td:last-child { padding-right: 0; text-align: right; width: 1%; }
  @media (max-width: 719px) {
    thead { clip-path: inset(50%); height: 1px; overflow: hidden; position: absolute; width: 1px; }
    &, thead, tbody, tr, td { display: block; }
    tbody tr { padding: ${spacing.xSmall} 0; }
    td, td:last-child { padding: ${spacing.xxSmall} 0; text-align: left; width: auto; }
  }
  ${breakpoints.tablet} {
    td:first-child { width: 34%; }
  }
`;

/** What is sent with "order created" beside the fields: a key and a value a row. */
export function CustomEventData({ editing }: { readonly editing: Editing }) {
  const text = useText();
  const { draft, issue, set } = editing;
  const rows = draft.edited.settings.customEventData;
  const isWrong = draft.issues.some(({ path }) => isWithin(path, PATH));
  const [isOpen, setIsOpen] = useState(rows.length > 0);
  const adding = useRef<HTMLButtonElement>(null);
  const put = (customEventData: typeof rows): void => set({ customEventData });

  return (
    <Disclosure isOpen={isOpen || isWrong} onToggle={setIsOpen} title={text('custom.header')}>
      <Stack>
        <Text>{text('custom.help')}</Text>
        {rows.length > 0 && (
          <Table>
            <thead>
              <tr>
                <th scope="col">{text('custom.key')}</th>
                <th scope="col">{text('custom.value')}</th>
                <td />
              </tr>
            </thead>
            <tbody>
              {rows.map((row, index) => (
                <CustomEventDataRow
                  // biome-ignore lint/suspicious/noArrayIndexKey: rows have nothing else of their own, and keep nothing.
                  key={index}
                  keyError={issue(`${PATH}.${index}.key`)}
                  number={index + 1}
                  onChange={(changed) => put(rows.map((one, place) => (place === index ? changed : one)))}
                  onRemove={() => {
                    put(rows.filter((_, place) => place !== index));
                    adding.current?.focus();
                  }}
                  path={`${PATH}.${index}`}
                  row={row}
                  valueError={issue(`${PATH}.${index}.value`)}
                />
              ))}
            </tbody>
          </Table>
        )}
        <div>
          <Button
            disabled={rows.length >= MOST_ROWS}
            iconLeft={<AddIcon />}
            mobileWidth="auto"
            onClick={() => put([...rows, { key: '', value: '' }])}
            ref={adding}
            type="button"
            variant="secondary"
          >
            {text('custom.add')}
          </Button>
        </div>
      </Stack>
    </Disclosure>
  );
}
