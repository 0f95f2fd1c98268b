import { theme } from '@bigcommerce/big-design-theme';
import { useId } from 'react';
import styled from 'styled-components';
import { ZonePicture } from './zone-picture.js';

const { colors, spacing, borderRadius, typography } = theme;

const Card = styled.label`
  background: ${colors.white};
  border: 1px solid ${colors.secondary30};
  border-radius: ${borderRadius.normal};
  cursor: pointer;
  display: flex;
  flex-direction: column;
  gap: ${spacing.small};
  padding: ${spacing.small};
  &:hover { border-color: ${colors.primary30}; }
  &:has(:checked) { border-color: ${colors.primary40}; box-shadow: inset 0 0 0 1px ${colors.primary40}; }
  &:has(:focus-visible) { outline: 3px solid ${colors.primary30}; outline-offset: 2px; }
`;

const Name = styled.span`
  align-items: center;
  display: flex;
  font-weight: ${typography.fontWeight.semiBold};
  gap: ${spacing.xSmall};
  & > input {
    accent-color: ${colors.primary40};
    flex: none;
    height: 1.125rem;
    margin: 0;
    width: 1.125rem;
  }
`;

const What = styled.span`
  color: ${colors.secondary60};
  font-size: ${typography.fontSize.small};
`;

/** A card that is chosen or not, with a picture of where the CTA shows. */
export function ZoneCard(props: {
  readonly zone: 'global_header' | 'global_footer' | 'product' | 'overlay';
  readonly name: string;
  readonly what: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}) {
  const { zone, name, what, isOn, onChange } = props;
  const id = useId();
  return (
    <Card>
      <ZonePicture zone={zone} />
      <Name>
        <input
          aria-describedby={`${id}-what`}
          aria-labelledby={`${id}-name`}
          checked={isOn}
          id={`settings.zones.${zone}`}
          onChange={({ target }) => onChange(target.checked)}
          type="checkbox"
        />
        <span id={`${id}-name`}>{name}</span>
      </Name>
      <What id={`${id}-what`}>{what}</What>
    </Card>
  );
}
