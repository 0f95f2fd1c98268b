/** What must not compile. A wrong use that starts to compile leaves an unused `@ts-expect-error`, which is an error. */
import {
  consent,
  createZone,
  type ExtoleZoneElement,
  identify,
  on,
  type QueuedCall,
  setContext,
  start,
} from 'extole-bigcommerce/storefront';

// @ts-expect-error A program domain is text.
start({ programDomain: 7 });
// @ts-expect-error There is no such setting.
start({ programdomain: 'share.brand.com' });
// @ts-expect-error Consent is `required` or `not-required`.
start({ consent: 'yes' });
// @ts-expect-error BigCommerce's banner has no such category.
start({ consentCategory: 'marketing' });
// @ts-expect-error Zones are a list.
start({ zones: 'overlay' });
// @ts-expect-error Zones are names.
start({ zones: [{ name: 'overlay' }] });
// @ts-expect-error Whether to tell conversions is a boolean.
start({ conversion: 'yes' });
// @ts-expect-error Verification needs the client id, too.
start({ verification: { url: 'https://app.brand.com/verify' } });
// @ts-expect-error A wait is a number of milliseconds.
start({ timeoutMs: '5s' });

// @ts-expect-error Whoever is signed in, or `null`, has to be said.
identify();
// @ts-expect-error `null` is a guest; `undefined` says nothing.
identify(undefined);
// @ts-expect-error Names are as in the page context: `first_name`.
identify({ firstName: 'Ada' });
// @ts-expect-error Something has to be said.
setContext();
// @ts-expect-error There is no such part of the page context.
setContext({ products: {} });
// @ts-expect-error A product is an object.
setContext({ product: 'Stoneware Mug' });
// @ts-expect-error A zone has a name.
createZone({});
// @ts-expect-error A place is an element, not a selector.
createZone({ name: 'product', element: '#zone' });
// @ts-expect-error Fields are a list.
createZone({ name: 'product', fields: 'email' });
// @ts-expect-error Event data is an object, or JSON text.
createZone({ name: 'product', eventData: 7 });
// @ts-expect-error Consent is given or not.
consent('granted');
// @ts-expect-error Whether it is given has to be said.
consent();

// @ts-expect-error There is no such event.
on('extole-zone:clicked', () => {});
// @ts-expect-error Zones don't tell of their creative in their events.
on('extole-zone:rendered', ({ detail }) => detail.creative);
document.addEventListener('extole-zone:failed', ({ detail }) => {
  // @ts-expect-error A failure need not be about the core tag, so whether it is tried again may be unknown.
  const willRetry: boolean = detail.willRetry;
  // @ts-expect-error Details are for reading.
  detail.name = '';
  return willRetry;
});

// @ts-expect-error There is no such function.
const unknownCall: QueuedCall = ['nope', []];
// @ts-expect-error The arguments are a list.
const withoutList: QueuedCall = ['identify', { id: 7 }];
// @ts-expect-error `identify` needs its argument.
const withoutArgument: QueuedCall = ['identify'];
// @ts-expect-error `identify` needs its argument in the list.
const emptyList: QueuedCall = ['identify', []];
// @ts-expect-error Each call is a list of its own.
window.extoleStorefront = { q: ['identify', [null]] };
// @ts-expect-error A queue is a list.
window.extoleStorefront = { q: { push() {} } };
// @ts-expect-error There is no such setting.
window.extoleStorefront = { programdomain: 'share.brand.com' };
// @ts-expect-error Before load there is no API.
window.extoleStorefront.refresh();
// @ts-expect-error Before load `consent` is a setting: `q` takes the call.
window.extoleStorefront?.consent?.(true);
window.extoleStorefront?.q?.push(
  // @ts-expect-error A zone has a name.
  ['createZone', [{}]],
);

// @ts-expect-error Any other element is no zone.
const zone: ExtoleZoneElement = document.createElement('div');
// @ts-expect-error What a zone knows stands in its attributes.
zone.name = 'product';

console.log(unknownCall, withoutList, withoutArgument, emptyList);
