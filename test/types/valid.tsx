/** What has to compile in React. */
import type { ExtoleZoneElement } from 'extole-bigcommerce/storefront';
import type {} from 'extole-bigcommerce/storefront/jsx';
import { createRef } from 'react';

const ref = createRef<ExtoleZoneElement>();

export const zones = (
  <>
    <extole-zone name="global_header" />
    <extole-zone name="a_zone_of_my_campaign">Refer a friend</extole-zone>
    <extole-zone
      key="product"
      ref={ref}
      id="refer"
      className="refer"
      style={{ minHeight: 48 }}
      name="product"
      event-data={JSON.stringify({ url: '{{product.url}}' })}
      fields="email locale"
      loading="lazy"
      {...{ 'onextole-zone:failed': ({ detail }) => console.log(detail.code) }}
    >
      <p>Refer a friend</p>
    </extole-zone>
    <extole-zone class="refer" name="global_footer" loading="eager" fields="" />
  </>
);
