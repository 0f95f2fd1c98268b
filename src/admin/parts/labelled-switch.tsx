import { Switch } from '@bigcommerce/big-design';
import { theme } from '@bigcommerce/big-design-theme';
import styled from 'styled-components';

const Line = styled.div`
  align-items: center;
  display: flex;
  gap: ${theme.spacing.small};
  /* When it is off, its knob stands out on the left. */
  padding-left: ${theme.spacing.xxSmall};
  & > label { cursor: pointer; }
`;

/** BigDesign's switch, with a label that belongs to it. */
export function LabelledSwitch(props: {
  readonly id: string;
  readonly label: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}) {
  const { id, label, isOn, onChange } = props;
  return (
    <Line>
      <Switch checked={isOn} id={id} onChange={({ target }) => onChange(target.checked)} role="switch" />
      <label htmlFor={id}>{label}</label>
    </Line>
  );
}
