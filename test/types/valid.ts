/**
 * What has to compile, in a project that uses the SDK. This and its neighbours are never run: `tsc` is their test, and
 * `test/contract/types.test.ts` holds the published types to them too.
 */
import {
  type Customer,
  consent,
  createZone,
  type DefaultField,
  type ExtoleZoneElement,
  identify,
  type KnownZoneName,
  logout,
  off,
  on,
  type PageContext,
  type QueuedCall,
  refresh,
  type StorefrontConfig,
  type StorefrontErrorCode,
  type StorefrontGlobal,
  setContext,
  start,
  stop,
  type Verification,
  version,
  type ZoneEventDetail,
  type ZoneEventListener,
  type ZoneEventType,
  type ZoneOptions,
} from 'extole-bigcommerce/storefront';

// The README's.
setContext({ product: { url: location.href, title: 'Stoneware Mug' } });
identify({ id: 7, email: 'ada@brand.com', first_name: 'Ada', last_name: 'Lovelace' });
start({ programDomain: 'share.brand.com' });
(window.extoleStorefront ??= {}).q = [['identify', [null]]];

// Everything that a start can be given.
const verification: Verification = { appClientId: 'abc', url: 'https://app.brand.com/verify' };
const context: PageContext = {
  page: { type: 'product' },
  customer: null,
  currency: 'USD',
  locale: 'pt-BR',
  url: { href: location.href, path: location.pathname, query: {} },
};
const config: StorefrontConfig = {
  programDomain: 'share.brand.com',
  channelId: 1,
  zones: ['global_header', 'overlay'],
  consent: 'required',
  consentCategory: 'functional',
  conversion: true,
  verification,
  preview: false,
  context,
  storefrontApiToken: 'token',
  timeoutMs: 3000,
  nonce: 'abc',
  debug: true,
};
start(config);
start();

// The rest of the API.
const shopper: Customer = { id: '7', name: 'Ada Lovelace' };
identify(shopper);
identify(null);
setContext({ cart: undefined });
const options: ZoneOptions = {
  name: 'product',
  element: document.createElement('div'),
  eventData: { url: '{{product.url}}' },
  fields: ['email'],
};
createZone(options);
createZone({ name: 'conversion', eventData: '{"coupon_code": "WELCOME"}', fields: [] });
consent(true);
refresh();
logout();
stop();

// Events: by the API, by the document and by the element.
const tell: ZoneEventListener = ({ type, detail }) => console.log(type, detail.name);
const types: readonly ZoneEventType[] = ['extole-zone:requested', 'extole-zone:rendered'];
for (const type of types) {
  on(type, tell);
  off(type, tell);
}
document.addEventListener('extole-zone:failed', ({ detail }) => {
  const { name, code, message, willRetry }: ZoneEventDetail = detail;
  console.log(name.trim(), code?.trim(), message?.trim(), willRetry === true);
});

const zone: ExtoleZoneElement = document.createElement('extole-zone');
zone.setAttribute('name', 'product');
zone.addEventListener('extole-zone:rendered', ({ detail }) => detail.name.trim());
const localName: 'extole-zone' | undefined = document.querySelector('extole-zone')?.localName;
const nextSibling: Element | null = zone.nextElementSibling;

// The global, before and after load.
const before: StorefrontGlobal = {
  programDomain: 'share.brand.com',
  consent: 'required',
  q: [
    ['start'],
    ['start', [{ programDomain: 'share.brand.com' }]],
    ['identify', [{ id: 7 }]],
    ['setContext', [{ currency: 'EUR' }]],
    ['createZone', [{ name: 'overlay' }]],
    ['consent', [true]],
    ['on', ['extole-zone:failed', tell]],
    ['refresh', []],
    ['logout'],
  ],
};
window.extoleStorefront = before;
/** An `arguments` object, as snippets in a page pass it on. */
function queue(_customer: Customer | null): void {
  // biome-ignore lint/complexity/noArguments: that is what is promised.
  const call: QueuedCall = ['identify', arguments];
  window.extoleStorefront?.q?.push(call, ['refresh']);
}
queue(null);
function afterLoad(): void {
  window.extoleStorefront?.identify?.({ id: 7 });
  window.extoleStorefront?.start?.({ programDomain: 'share.brand.com' });
  if (!window.extoleStorefront?.version) return;
  window.extoleStorefront.consent(true);
  window.extoleStorefront.createZone({ name: 'overlay' });
  window.extoleStorefront.programDomain?.trim();
}
afterLoad();

const code: StorefrontErrorCode = 'EXTOLE_CORE_BLOCKED';
const field: DefaultField = 'email';
const known: KnownZoneName = 'global_header';
console.log(version.trim(), localName, nextSibling, code, field, known);
