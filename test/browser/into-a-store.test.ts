import { expect, it } from 'vitest';
import { run } from '../../src/cli/main.js';
import { hasSpecifications, nonconformities } from '../support/openapi.js';
import { drag, mugPath, openBuilder } from '../support/page-builder.js';
import { storefrontBrowser } from '../support/storefront-browser.js';

const shop = storefrontBrowser();

it('goes from an empty store to a CTA with its data, without touching code', async () => {
  const { sandbox } = shop;
  const { scripts, widgetTemplates, widgets, placements } = sandbox.content;
  for (const list of [scripts, widgetTemplates, widgets, placements]) list.clear();
  sandbox.api.clearCalls();

  // An agency publishes.
  const lines: string[] = [];
  const exitCode = await run(
    ['publish', '--program-domain', sandbox.programDomain, '--sdk-url', sandbox.sdkUrl],
    {
      out: (line) => lines.push(line),
      err: () => {},
      env: {
        BIGCOMMERCE_STORE_HASH: sandbox.content.storeHash,
        BIGCOMMERCE_ACCESS_TOKEN: sandbox.api.accessToken,
        BIGCOMMERCE_API_URL: sandbox.api.url,
      },
      isTerminal: false,
    },
  );
  expect([exitCode, lines.at(-1)]).toEqual([0, 'The store is as it should be. 3 changes made.']);
  if (hasSpecifications) expect(nonconformities(sandbox.api.calls())).toEqual([]);

  // The merchant drags the widget under the price, and fills it in.
  const { page, box, region, button, state, mishaps } = await openBuilder(shop);
  await drag(page, button('Extole CTA Tag'), region('product_below_price'));
  await page.getByLabel('Zone', { exact: true }).selectOption('Product');
  await page
    .getByLabel('Custom Event Data')
    .fill('{"static_variable": "foobar", "dynamic_product_url": "{{product.url}}"}');
  const address = `${sandbox.storefrontUrl}${mugPath}`;
  await box('Product').getByText(address).waitFor();
  expect(sandbox.zoneRequests()).toEqual([]);
  await button('Publish').click();
  await state('All changes published');

  // A shopper who is signed in sees the CTA.
  const shopper = await shop.open({ locale: 'en-US' });
  await shopper.page.goto(`/sandbox/sign-in?as=mary&back=${mugPath}`);
  expect(await shopper.event('rendered')).toMatchObject({ name: 'product' });
  expect(await shopper.page.locator('extole-zone[name="product"]').innerText()).toContain('Share');

  // Extole got the data, and the program domain's list shows it.
  const data = {
    first_name: 'Mary Ann',
    last_name: 'Evans',
    email: 'mary.ann@example.com',
    partner_user_id: '7',
    locale: 'en',
    static_variable: 'foobar',
    dynamic_product_url: address,
  };
  expect(await shop.requests(1)).toEqual({ product: data });
  await shopper.page.goto(sandbox.programDomainUrl);
  for (const value of Object.values(data)) await shopper.page.getByText(value).first().waitFor();
  expect([...mishaps, ...shopper.mishaps]).toEqual([]);
});
