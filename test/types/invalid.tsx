/** What must not compile in React. */
import type {} from 'extole-bigcommerce/storefront/jsx';
import { createRef } from 'react';

const input = createRef<HTMLInputElement>();

export const zones = [
  // @ts-expect-error A zone has a name.
  <extole-zone key="a" />,
  // @ts-expect-error A name is text.
  <extole-zone key="b" name={7} />,
  // @ts-expect-error A zone is asked for `lazy` or `eager`.
  <extole-zone key="c" name="product" loading="soon" />,
  // @ts-expect-error Event data is text: JSON.stringify it.
  <extole-zone key="d" name="product" event-data={{ url: '{{product.url}}' }} />,
  // @ts-expect-error Fields are text, separated by spaces.
  <extole-zone key="e" name="product" fields={['email']} />,
  // @ts-expect-error There is no such attribute. (TypeScript lets any pass that holds a hyphen, as HTML does.)
  <extole-zone key="f" name="product" eventData="{}" />,
  // @ts-expect-error It is no input.
  <extole-zone key="g" name="product" ref={input} />,
  // @ts-expect-error It has another name.
  <extole-zones key="h" name="product" />,
];
