import { describe, expect, it } from 'vitest';
import { PRODUCTS } from '../../examples/sandbox/sandbox.js';
import { axeFindings } from '../support/axe.js';
import { storefrontBrowser } from '../support/storefront-browser.js';

const shop = storefrontBrowser();
const mugPath = PRODUCTS[0]?.path ?? '';

describe('axe finds nothing, in Chromium,', () => {
  it.each([
    '/',
    mugPath,
    '/kitchen/',
    '/cart.php',
    '/search.php?search_query=mug',
    '/login.php',
    '/our-story/',
    '/nowhere/',
  ])('on the page %s with its zones', async (path) => {
    const { page } = await shop.open();
    await page.goto(path, { waitUntil: 'networkidle' });
    expect(shop.sandbox.zoneRequests()).not.toEqual([]);
    expect(await axeFindings(page)).toEqual([]);
  });

  it('in the fallback of a widget, where Extole can not be reached', async () => {
    const { page, event } = await shop.open();
    shop.sandbox.setCoreMode('error');
    await page.goto(mugPath);
    await event('failed', 'EXTOLE_CORE_BLOCKED');
    expect(await page.locator('extole-zone[name=global_header]').innerText()).toBe('Refer a friend, get $20');
    expect(await axeFindings(page, 'extole-zone')).toEqual([]);
  });

  it('where the shopper is asked for consent, which a keyboard can give', async () => {
    const { page } = await shop.open();
    await shop.sandbox.setScripts({ consent: 'required' });
    await page.goto(mugPath, { waitUntil: 'networkidle' });
    await page.getByRole('button', { name: 'Accept' }).focus();
    expect(await axeFindings(page, '.consent')).toEqual([]);
    await page.keyboard.press('Enter');
    await page.locator('extole-zone[name=product] :text("friend")').first().waitFor();
  });

  it('on the confirmation page below its pop-up', async () => {
    const { page } = await shop.open();
    await page.goto('/checkout/order-confirmation');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(await axeFindings(page)).toEqual([]);
  });
});
