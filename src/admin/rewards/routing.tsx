import { Button, Checkbox, Text } from '@bigcommerce/big-design';
import { AddIcon } from '@bigcommerce/big-design-icons';
import { useRef } from 'react';
import type { PromotionsAnswer } from '../../catalog/rewards-api.js';
import { FoldingTable } from '../parts/folding-table.js';
import { Group, Stack } from '../parts/layout.js';
import { issueAt } from './issue-text.js';
import { FIELD_IDS, isRepeated, type TypedRewards } from './reward-draft.js';
import { useRewardsText } from './rewards-messages.js';
import { SupplierRow } from './supplier-row.js';
import type { RewardEditing } from './use-reward-editing.js';

const MOST_ROWS = 50;
const PATH = FIELD_IDS.suppliers;

/** Which promotion a reward's code is made under: as its supplier in Extole says, or as the table of suppliers does. */
export function Routing(props: {
  readonly editing: RewardEditing;
  readonly promotions: PromotionsAnswer | undefined;
}) {
  const { editing, promotions } = props;
  const { draft, issues, set } = editing;
  const { suppliers, usesPartnerSupplierIds } = draft.typed;
  const text = useRewardsText();
  const adding = useRef<HTMLButtonElement>(null);
  const put = (rows: TypedRewards['suppliers']): void => set({ suppliers: rows });
  const supplierError = (index: number): string | undefined => {
    const error = issueAt(text, issues, `${PATH}.${index}.supplierId`);
    return error !== undefined && isRepeated(suppliers, index) ? text('wrong.repeated') : error;
  };
  return (
    <Group>
      <legend>{text('route.header')}</legend>
      <Stack>
        <Checkbox
          checked={usesPartnerSupplierIds}
          description={text('route.ownHelp')}
          id={FIELD_IDS.usesPartnerSupplierIds}
          label={text('route.own')}
          onChange={({ target }) => set({ usesPartnerSupplierIds: target.checked })}
        />
        <Stack $gap="xSmall">
          <Text as="span" bold marginBottom="none">
            {text('route.suppliers')}
          </Text>
          <Text color="secondary60" marginBottom="none">
            {text('route.help')}
          </Text>
        </Stack>
        {suppliers.length > 0 && (
          <FoldingTable>
            <thead>
              <tr>
                <th scope="col">{text('route.supplier')}</th>
                <th scope="col">{text('route.promotion')}</th>
                <td />
              </tr>
            </thead>
            <tbody>
              {suppliers.map((row, index) => (
                <SupplierRow
                  // biome-ignore lint/suspicious/noArrayIndexKey: rows have nothing else of their own, and keep nothing.
                  key={index}
                  number={index + 1}
                  onChange={(changed) =>
                    put(suppliers.map((one, place) => (place === index ? changed : one)))
                  }
                  onRemove={() => {
                    put(suppliers.filter((_, place) => place !== index));
                    adding.current?.focus();
                  }}
                  path={`${PATH}.${index}`}
                  promotionError={issueAt(text, issues, `${PATH}.${index}.promotionId`)}
                  promotions={promotions}
                  row={row}
                  supplierError={supplierError(index)}
                />
              ))}
            </tbody>
          </FoldingTable>
        )}
        <div>
          <Button
            disabled={suppliers.length >= MOST_ROWS}
            iconLeft={<AddIcon />}
            mobileWidth="auto"
            onClick={() => put([...suppliers, { supplierId: '', promotionId: null }])}
            ref={adding}
            type="button"
            variant="secondary"
          >
            {text('route.add')}
          </Button>
        </div>
      </Stack>
    </Group>
  );
}
