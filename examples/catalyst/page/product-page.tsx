import { useState } from 'react';
import { ExtoleZone } from '../extole-zone.js';
import type { CatalystProduct } from '../page-context.js';

/** A product page with a zone about its product. */
export default function ProductPage({ product }: { readonly product: CatalystProduct }) {
  const [status, setStatus] = useState('');
  return (
    <>
      <h1>{product.name}</h1>
      <ExtoleZone
        name="product"
        className="zone"
        eventData={{ sku: '{{product.sku}}', dynamic_product_url: '{{product.url}}' }}
        fields={['first_name', 'locale']}
        onRendered={({ name }) => setStatus(`${name} has come`)}
        onFailed={({ code }) => setStatus(`${code}`)}
      >
        Tell a friend about the {product.name}
        {product.brand && <b> by {product.brand.name}</b>}
      </ExtoleZone>
      <p role="status">{status}</p>
    </>
  );
}
