import { theme } from '@bigcommerce/big-design-theme';
import styled from 'styled-components';
import { Row } from '../parts/layout.js';

const { colors, spacing, typography } = theme;

/** Each stands out from white by 3 to 1 at least. */
export const SERIES_COLORS = {
  delivered: colors.success50,
  waiting: colors.secondary50,
  dead: colors.danger50,
  age: colors.primary40,
} as const;

const Frame = styled.figure`
  margin: 0;
  & > svg {
    border-bottom: 1px solid ${colors.secondary50};
    display: block;
    height: 8rem;
    width: 100%;
  }
`;

const Labels = styled.div`
  color: ${colors.secondary60};
  display: flex;
  font-size: ${typography.fontSize.small};
  justify-content: space-between;
`;

const Mark = styled.span<{ readonly $color: string }>`
  align-items: center;
  display: inline-flex;
  font-size: ${typography.fontSize.small};
  gap: ${spacing.xSmall};
  &::before {
    background: ${({ $color }) => $color};
    content: '';
    forced-color-adjust: none;
    height: 0.75rem;
    width: 0.75rem;
  }
`;

/** In units of the picture, which is stretched to the room there is. */
const STEP = 10;
const GAP = 2;
const HEIGHT = 100;
/** White between the parts of a bar, so that they are told apart without colour. */
const SEAM = 1;

/** One bar, from below upwards. */
export interface Bar {
  readonly label: string;
  readonly values: readonly number[];
}

/** Bars beside each other, each of parts on top of each other. What it shows in sum is said to those who do not see it. */
export function BarChart(props: {
  readonly bars: readonly Bar[];
  /** The parts of each bar, from below upwards. Where there is one, its name is not said. */
  readonly series: readonly { readonly color: string; readonly name: string }[];
  readonly format: (value: number) => string;
  readonly says: string;
}) {
  const { bars, series, format, says } = props;
  const totals = bars.map(({ values }) => values.reduce((total, value) => total + value, 0));
  const highest = Math.max(0, ...totals);
  const ends = [bars.at(0), bars.at(Math.floor((bars.length - 1) / 2)), bars.at(-1)];
  return (
    <Frame>
      <Labels aria-hidden="true">{format(highest)}</Labels>
      <svg
        aria-label={says}
        preserveAspectRatio="none"
        role="img"
        viewBox={`0 0 ${bars.length * STEP} ${HEIGHT}`}
      >
        {highest > 0 &&
          bars.map(({ label, values }, place) => (
            <g key={label}>
              <title>{`${label}: ${values.map(format).join(' / ')}`}</title>
              {series.map(({ color, name }, part) => {
                const value = values[part] ?? 0;
                const below = values.slice(0, part).reduce((total, one) => total + one, 0);
                const height = (HEIGHT * value) / highest;
                return (
                  <rect
                    fill={color}
                    height={Math.max(height - SEAM, 0)}
                    key={name}
                    width={STEP - GAP}
                    x={place * STEP + GAP / 2}
                    y={HEIGHT - (HEIGHT * below) / highest - height}
                  />
                );
              })}
            </g>
          ))}
      </svg>
      <Labels aria-hidden="true">
        {ends.map((bar) => (
          <span key={bar?.label}>{bar?.label}</span>
        ))}
      </Labels>
      {series.length > 1 && (
        <Row>
          {series.map(({ color, name }) => (
            <Mark $color={color} key={name}>
              {name}
            </Mark>
          ))}
        </Row>
      )}
    </Frame>
  );
}
