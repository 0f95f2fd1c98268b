import { theme } from '@bigcommerce/big-design-theme';

const { primary20, primary40, secondary20, secondary30, white } = theme.colors;

/** Where a CTA shows, and what is on the page beside it. In units of the picture. */
const CTAS = {
  global_header: { x: 8, y: 6, width: 104, height: 10 },
  global_footer: { x: 8, y: 66, width: 104, height: 10 },
  product: { x: 64, y: 50, width: 44, height: 9 },
  overlay: { x: 78, y: 52, width: 34, height: 22 },
  confirmation: { x: 30, y: 22, width: 60, height: 38 },
};

const isProductPage = (zone: keyof typeof CTAS): boolean => zone === 'product';

/** A small picture of a page with the CTA of a zone on it. Said by the label beside it. */
export function ZonePicture({ zone }: { readonly zone: keyof typeof CTAS }) {
  return (
    <svg aria-hidden="true" viewBox="0 0 120 82" width="100%">
      <rect fill={white} height="81" rx="4" stroke={secondary30} width="119" x="0.5" y="0.5" />
      {isProductPage(zone) ? (
        <>
          <rect fill={secondary20} height="48" rx="2" width="46" x="10" y="22" />
          <rect fill={secondary20} height="6" rx="2" width="44" x="64" y="24" />
          <rect fill={secondary20} height="4" rx="2" width="36" x="64" y="35" />
          <rect fill={secondary20} height="4" rx="2" width="26" x="64" y="42" />
        </>
      ) : (
        <>
          <rect fill={secondary20} height="22" rx="2" width="104" x="8" y="20" />
          {[8, 45, 82].map((x) => (
            <rect fill={secondary20} height="18" key={x} rx="2" width="30" x={x} y="46" />
          ))}
        </>
      )}
      <rect {...CTAS[zone]} fill={primary20} rx="2" stroke={primary40} strokeWidth="1.5" />
    </svg>
  );
}
