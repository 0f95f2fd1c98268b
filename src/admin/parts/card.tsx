import { Box } from '@bigcommerce/big-design';
import type { ReactNode } from 'react';

/** A card without a heading: BigDesign's panel would leave room for one. */
export function Card({ children }: { readonly children: ReactNode }) {
  return (
    <Box
      backgroundColor="white"
      borderRadius="normal"
      marginBottom="medium"
      padding={{ mobile: 'medium', tablet: 'xLarge' }}
      shadow="raised"
    >
      {children}
    </Box>
  );
}
