import { afterEach, describe, expect, it } from 'vitest';
import { axeFindings } from '../support/axe.js';
import { drag, mugPath, openBuilder } from '../support/page-builder.js';
import { storefrontBrowser } from '../support/storefront-browser.js';

const shop = storefrontBrowser();
const SEED = '{"static_variable": "foobar",\n "dynamic_product_url": "{{product.url}}"}';
const PRICE = 'product_below_price';

afterEach(() => shop.sandbox.discardDrafts());

describe('Page Builder, in Chromium', () => {
  it('puts a dragged widget onto the storefront, where it sends what the merchant typed', async () => {
    shop.sandbox.setWidgets([]);
    const builder = await openBuilder(shop);
    const { page, box, button, state } = builder;
    await state('All changes published');
    await drag(page, button('Extole CTA Tag'), builder.region(PRICE));
    await page.getByLabel('Zone', { exact: true }).selectOption('Product');
    await page.getByLabel('Custom Event Data').fill(SEED);
    await box('Product').getByText('foobar').waitFor();
    await state('Unsaved changes');
    await button('Publish').click();
    await state('All changes published');

    const shopper = await shop.open({ locale: 'en-US' });
    await shopper.page.goto(`/sandbox/sign-in?as=mary&back=${mugPath}`);
    await shopper.event('rendered');
    expect(await shop.requests(1)).toEqual({
      product: {
        first_name: 'Mary Ann',
        last_name: 'Evans',
        email: 'mary.ann@example.com',
        partner_user_id: '7',
        locale: 'en',
        static_variable: 'foobar',
        dynamic_product_url: `${shop.sandbox.storefrontUrl}${mugPath}`,
      },
    });
    const price = shopper.page.locator(`[data-content-region=${PRICE}] extole-zone[name=product]`);
    expect(await price.count()).toBe(1);
    expect([...builder.mishaps, ...shopper.mishaps]).toEqual([]);
  });

  it('keeps a saved draft, which shoppers do not see before it is published', async () => {
    shop.sandbox.setWidgets([]);
    const { page, frame, box, button, state } = await openBuilder(shop);
    await button('Extole CTA Tag').press('Enter');
    await page.getByRole('menuitem', { name: 'Product below price' }).click();
    await page.getByLabel('Fallback Text').fill('Refer a friend');
    await frame.getByText('Refer a friend').waitFor();
    await button('Save').click();
    await state('Draft saved');

    const shopper = await shop.open();
    await shopper.page.goto(mugPath);
    expect(await shopper.page.locator('extole-zone').count()).toBe(0);

    await page.reload();
    await state('Draft saved');
    await frame.getByText('Refer a friend').waitFor();
    await box('Header').waitFor();
    await page.getByRole('button', { name: /^Extole CTA Tag Product/ }).click();
    expect(await page.getByLabel('Fallback Text').inputValue()).toBe('Refer a friend');
    await button('Publish').click();
    await state('All changes published');
    await shopper.page.reload();
    expect(await shopper.page.locator('extole-zone').count()).toBe(1);
  });

  it('is worked by keyboard alone: a widget is added, set, moved and deleted', async () => {
    shop.sandbox.setWidgets([]);
    const { page, region, button, state } = await openBuilder(shop);
    const { keyboard } = page;
    const focused = (): Promise<string> =>
      page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');
    const said = (text: string): Promise<void> => page.getByRole('status').getByText(text).waitFor();

    await button('Extole CTA Tag').focus();
    await keyboard.press('Enter');
    expect(await focused()).toBe(await page.getByRole('menuitem').first().textContent());
    await keyboard.press('ArrowUp');
    expect(await focused()).toBe(await page.getByRole('menuitem').last().textContent());
    await keyboard.press('ArrowDown');
    expect(await focused()).toBe(await page.getByRole('menuitem').first().textContent());
    await keyboard.press('Escape');
    expect(await focused()).toBe('Extole CTA Tag');
    expect(await page.getByRole('menu').count()).toBe(0);

    const choose = async (name: string): Promise<void> => {
      await keyboard.press('Enter');
      while ((await focused()) !== name) await keyboard.press('ArrowDown');
      await keyboard.press('Enter');
    };
    await choose('Product below price');
    await said('Added to Product below price.');
    expect(await focused()).toBe('Extole CTA Tag');
    await button('‹ All widgets').press('Enter');
    await button('Extole CTA Tag').focus();
    await choose('Product below content');
    await said('Added to Product below content.');
    const below = 'product_below_content';
    await region(below).locator('[data-widget-id]').waitFor();
    await region(PRICE).locator('[data-widget-id]').waitFor();

    await page.getByLabel('Zone', { exact: true }).press('ArrowDown');
    await region(below).locator('extole-zone[name=global_footer]').waitFor();
    await button('Move to…').focus();
    await choose('Product below price');
    await said('Moved to Product below price.');
    expect(await focused()).toBe('Move to…');
    const zones = (): Promise<string[]> =>
      region(PRICE)
        .locator('extole-zone')
        .evaluateAll((elements) => elements.map((element) => element.getAttribute('name') ?? ''));
    await expect.poll(zones).toEqual(['global_header', 'global_footer']);
    await button('Up').press('Enter');
    await said('Number 1 of 2 in its region.');
    await expect.poll(zones).toEqual(['global_footer', 'global_header']);
    await button('Up').press('Enter');
    await said('It is the first one in its region.');
    await button('Down').press('Enter');
    await said('Number 2 of 2 in its region.');
    await button('Delete').press('Enter');
    await said('Deleted.');
    expect(await focused()).toBe('Widgets');
    await expect.poll(zones).toEqual(['global_header']);
    await state('Unsaved changes');
  });

  it('asks for the name of a custom zone only then, remembers it, and shows each letter at once', async () => {
    const { page, box, mishaps } = await openBuilder(shop);
    await page.getByRole('button', { name: /^Extole CTA Tag Product/ }).click();
    const zone = page.getByLabel('Zone', { exact: true });
    const name = page.getByLabel('Custom Zone Name');
    expect(await name.isVisible()).toBe(false);
    await zone.selectOption('Custom');
    await name.pressSequentially('spring_sale');
    await box('Custom: spring_sale').waitFor();
    expect(await name.evaluate((field) => field === document.activeElement)).toBe(true);
    await zone.selectOption('Footer');
    expect(await name.isVisible()).toBe(false);
    await expect.poll(() => box('Footer').count()).toBe(2);
    await zone.selectOption('Custom');
    expect(await name.inputValue()).toBe('spring_sale');
    await box('Custom: spring_sale').waitFor();
    expect(mishaps).toEqual([]);
  });

  it.each([
    ['is given up with Escape', PRICE, 'Escape'],
    ['ends outside of regions', 'nowhere', 'Shift'],
  ])('adds nothing by a drag that %s', async (_how, target, key) => {
    shop.sandbox.setWidgets([]);
    const { page, frame, region, button, state } = await openBuilder(shop);
    const source = await button('Extole CTA Tag').boundingBox();
    if (!source) throw new Error('nothing to drag');
    await page.mouse.move(source.x + 10, source.y + 10);
    await page.mouse.down();
    await page.mouse.move(source.x + 20, source.y + 20, { steps: 3 });
    await frame.locator('html[data-is-dropping]').waitFor();
    if (target === PRICE) {
      const price = await region(PRICE).boundingBox();
      if (!price) throw new Error('nowhere to drop');
      await page.mouse.move(price.x + 10, price.y + 10);
      await region(PRICE).and(frame.locator('[data-is-target]')).waitFor();
    }
    await page.keyboard.press(key);
    await page.mouse.up();
    await frame.locator('html:not([data-is-dropping])').waitFor();
    expect(await page.getByRole('menu').count()).toBe(0);
    await state('All changes published');
  });

  it('moves a widget that is dragged on the page itself, selects one that is clicked, and follows no link', async () => {
    const { page, frame, box, region, button, state } = await openBuilder(shop, mugPath, {
      viewport: { width: 1280, height: 1400 },
    });
    await drag(page, box('Product'), region('product_below_content'));
    await region('product_below_content').locator('extole-zone[name=product]').waitFor();
    expect(await region(PRICE).locator('extole-zone').count()).toBe(0);
    expect(await page.locator('#place').textContent()).toBe('Product below content');
    await state('Unsaved changes');
    await button('‹ All widgets').click();
    await frame.getByRole('link', { name: 'Kitchen' }).click();
    await box('Header').click();
    await page.locator('#place', { hasText: 'Header bottom (all pages)' }).waitFor();
    expect(await frame.getByRole('heading', { level: 1 }).textContent()).toBe('Stoneware Mug');
  });

  it('shows where a drop goes: in front of a widget, or behind the last one', async () => {
    const { page, frame, region, button } = await openBuilder(shop, mugPath, {
      viewport: { width: 1280, height: 1400 },
    });
    const widget = region(PRICE).locator('[data-widget-id]');
    await widget.waitFor();
    const source = await button('Extole CTA Tag').boundingBox();
    if (!source) throw new Error('nothing to drag');
    await page.mouse.move(source.x + 10, source.y + 10);
    await page.mouse.down();
    await page.mouse.move(source.x + 20, source.y + 20, { steps: 3 });
    await frame.locator('html[data-is-dropping]').waitFor();
    const line = (): Promise<string> => widget.evaluate((shown) => getComputedStyle(shown).boxShadow);
    expect(await line()).toBe('none');
    const price = await widget.boundingBox();
    if (!price) throw new Error('nowhere to drop');
    await page.mouse.move(price.x + 10, price.y + price.height * 0.25);
    await expect.poll(line).toContain(' 0px -8px 0px');
    await page.mouse.move(price.x + 10, price.y + price.height * 0.75);
    await expect.poll(line).toContain(' 0px 8px 0px');
    await page.keyboard.press('Escape');
    await expect.poll(line).toBe('none');
  });

  it('scrolls the page under a drag that rests at its edge', async () => {
    shop.sandbox.setWidgets([]);
    const { page, frame, region, button } = await openBuilder(shop, mugPath, {
      viewport: { width: 1280, height: 800 },
    });
    const source = await button('Extole CTA Tag').boundingBox();
    if (!source) throw new Error('nothing to drag');
    await page.mouse.move(source.x + 10, source.y + 10);
    await page.mouse.down();
    await page.mouse.move(800, 790, { steps: 4 });
    const isAtEnd = (): Promise<boolean> =>
      frame.locator('html').evaluate((root) => root.scrollTop + window.innerHeight >= root.scrollHeight - 1);
    await expect.poll(isAtEnd, { timeout: 10_000 }).toBe(true);
    const footer = await region('ssl_site_seal--global').boundingBox();
    if (!footer) throw new Error('nowhere to drop');
    await page.mouse.move(footer.x + 20, footer.y + 20);
    await region('ssl_site_seal--global').and(frame.locator('[data-is-target]')).waitFor();
    await page.mouse.up();
    await region('ssl_site_seal--global').locator('extole-zone').waitFor();
    expect(await page.locator('#place').textContent()).toBe('Ssl site seal (all pages)');
  });

  it('shows the page as a phone and a desktop do, and as a preview without the column', async () => {
    const { page, frame, box } = await openBuilder(shop);
    const width = (): Promise<number> => frame.locator('html').evaluate(() => window.innerWidth);
    expect(await width()).toBe(1280);
    await page.getByText('Phone', { exact: true }).click();
    await expect.poll(width).toBe(375);
    await page.getByText('Preview', { exact: true }).click();
    await frame.locator('html[data-page-builder=preview]').waitFor();
    expect(await page.locator('#column').isVisible()).toBe(false);
    await box('Product').waitFor();
    await frame.getByRole('link', { name: 'Kitchen' }).click();
    await frame.getByRole('heading', { level: 1, name: 'Kitchen' }).waitFor();
    await frame.locator('html[data-page-builder=preview]').waitFor();
    expect(await page.getByRole('combobox', { name: 'Page' }).inputValue()).toBe('/kitchen/');
    expect(new URL(page.url()).searchParams.get('path')).toBe('/kitchen/');
  });

  it('says in the preview why zones show as boxes there, and when it does not open a link', async () => {
    const { page, frame } = await openBuilder(shop);
    const note = page.getByText('Extole’s zones show as boxes in Page Builder');
    expect(await note.isVisible()).toBe(false);
    await page.getByText('Preview', { exact: true }).click();
    await note.waitFor();
    await frame.locator('html[data-page-builder=preview]').waitFor();
    await frame.getByRole('link', { name: 'Sign in' }).click();
    await page.getByRole('alert').getByText('Page Builder does not open /login.php.').waitFor();
    expect(await frame.getByRole('heading', { level: 1 }).textContent()).toBe('Stoneware Mug');
    await frame.getByRole('link', { name: 'Kitchen' }).click();
    await frame.getByRole('heading', { level: 1, name: 'Kitchen' }).waitFor();
    await page.getByRole('alert').waitFor({ state: 'hidden' });
    await page.getByText('Design', { exact: true }).click();
    await note.waitFor({ state: 'hidden' });
  });

  it('tells the widgets of one region apart, and says when a page has none', async () => {
    shop.sandbox.setWidgets([]);
    const { page, button } = await openBuilder(shop);
    await page.getByText('No widgets on this page yet.').waitFor();
    for (const region of ['Product below price', 'Product below price', 'Product below content']) {
      await button('Extole CTA Tag').press('Enter');
      await page.getByRole('menuitem', { name: region }).click();
      await button('‹ All widgets').click();
    }
    expect(await page.locator('#placed button').allTextContents()).toEqual([
      'Extole CTA Tag Product below price, 1 of 2',
      'Extole CTA Tag Product below price, 2 of 2',
      'Extole CTA Tag Product below content',
    ]);
    await button('Extole CTA Tag Product below price, 2 of 2').click();
    await button('Delete').click();
    await button('Extole CTA Tag Product below price').waitFor();
  });

  it('says what to do first in a store that has no widgets', async () => {
    const { page } = await openBuilder(shop);
    await page.route('**/api/state*', async (route) => {
      const state: object = await (await route.fetch()).json();
      await route.fulfill({ json: { ...state, templates: [] } });
    });
    await page.reload();
    await page.getByText('This store has no widgets yet.').waitFor();
    expect(await page.locator('code').textContent()).toBe('extole-bigcommerce publish');
    expect(await page.getByText('Drag a widget').count()).toBe(0);
  });

  it('brings a number that is too high or too low to the bound that it takes', async () => {
    const { page, region } = await openBuilder(shop);
    await page.getByRole('button', { name: /^Extole CTA Tag Product/ }).click();
    const number = page.getByRole('spinbutton', { name: 'Minimum Height' });
    for (const [entered, taken] of [
      ['9999', '600'],
      ['600', '600'],
      ['-5', '0'],
      ['40', '40'],
    ] as const) {
      await number.fill(entered);
      await number.blur();
      expect(await number.inputValue()).toBe(taken);
      expect(await page.getByRole('slider', { name: 'Minimum Height' }).inputValue()).toBe(taken);
    }
    const minHeight = (): Promise<string> =>
      region(PRICE)
        .locator('extole-zone')
        .evaluate((zone) => getComputedStyle(zone).minHeight);
    await expect.poll(minHeight).toBe('40px');
  });

  it('has room for its bar in one line on a desktop, with the whole name of a page', async () => {
    const { page, state } = await openBuilder(shop, mugPath, { viewport: { width: 1280, height: 800 } });
    await state('All changes published');
    const header = await page.getByRole('banner', { name: 'Page Builder' }).boundingBox();
    expect(header?.height).toBeLessThan(60);
    const missingPx = await page.getByRole('combobox', { name: 'Page' }).evaluate((select) => {
      const { width } = select.getBoundingClientRect();
      for (const option of select.querySelectorAll('option:not(:checked)')) option.remove();
      select.style.width = 'auto';
      return select.getBoundingClientRect().width - width;
    });
    expect(missingPx).toBeLessThanOrEqual(0);
  });

  it('starts with the width of a phone on a narrow screen, where a menu is not cut', async () => {
    const { page, frame, button } = await openBuilder(shop, mugPath, {
      viewport: { width: 375, height: 700 },
    });
    expect(await page.getByRole('radio', { name: 'Phone' }).isChecked()).toBe(true);
    expect(await frame.locator('html').evaluate(() => window.innerWidth)).toBe(375);
    await button('Extole CTA Tag').press('Enter');
    const seen = await page.getByRole('menu').evaluate((menu) => {
      const { left, top, bottom } = menu.getBoundingClientRect();
      const isSeen = (y: number) => menu.contains(document.elementFromPoint(left + 20, y));
      return { top: isSeen(top + 5), bottom: isSeen(bottom - 5), heightPx: bottom - top };
    });
    expect(seen).toMatchObject({ top: true, bottom: true });
    expect(seen.heightPx).toBeGreaterThan(150);
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    expect(await page.locator('#place').textContent()).toBe('Ssl site seal (all pages)');
  });

  it("speaks the merchant's language, or the one that is chosen", async () => {
    const { page } = await openBuilder(shop, mugPath, { locale: 'fr-CA' });
    await page.getByRole('button', { name: /^Extole CTA Tag Product/ }).click();
    await page.getByLabel('Nom de la zone personnalisée').waitFor({ state: 'attached' });
    await page.getByLabel('Language').selectOption('Deutsch');
    await page.getByLabel('Name der benutzerdefinierten Zone').waitFor({ state: 'attached' });
  });

  it('asks before unsaved changes are lost, and only then', async () => {
    const { page, button, state, mishaps } = await openBuilder(shop);
    await page.getByRole('button', { name: /^Extole CTA Tag Product/ }).click();
    await page.getByLabel('Fallback Text').fill('Changed');
    await state('Unsaved changes');
    await page.close({ runBeforeUnload: true });
    await expect.poll(() => mishaps).toEqual(['dialog: ']);
    await button('Save').click();
    await state('Draft saved');
    await page.reload();
    await state('Draft saved');
    expect(mishaps).toHaveLength(1);
  });

  it('shows names and labels of others as text, and says which settings it does not draw', async () => {
    const hostile = '</script><img src=x onerror=alert(1)>';
    const [template] = shop.sandbox.content.widgetTemplates.values();
    if (!template) throw new Error('no template');
    const settings = [
      { type: 'input', id: 'title', label: hostile, typeMeta: { helpInfo: hostile, placeholder: hostile } },
      { type: 'color', id: 'color', label: 'Colour' },
    ];
    shop.sandbox.content.widgetTemplates.set('theirs', {
      ...template,
      uuid: 'theirs',
      name: hostile,
      versions: [
        {
          uuid: 'theirs-1',
          template: '<p>{{title}}</p>',
          schema: [{ type: 'tab', label: 'Content', sections: [{ label: hostile, settings }] }],
          schema_translations: '',
          storefront_api_query: '',
        },
      ],
    });
    try {
      const { page, frame, button, mishaps } = await openBuilder(shop);
      await button(hostile).press('Enter');
      await page.getByRole('menuitem', { name: 'Product below price' }).click();
      await page.getByRole('textbox', { name: hostile }).fill(hostile);
      await frame.locator('p', { hasText: hostile }).waitFor();
      expect(await page.getByText('“Colour”').textContent()).toContain('“color” are not drawn');
      expect(mishaps).toEqual([]);
    } finally {
      shop.sandbox.content.widgetTemplates.delete('theirs');
    }
  });

  it('says what is wrong with a widget that can not be rendered, and goes on when it can', async () => {
    const { page, box } = await openBuilder(shop);
    await page.getByRole('button', { name: /^Extole CTA Tag Product/ }).click();
    await page.route('**/api/regions*', (route) =>
      route.fulfill({ status: 500, json: { message: 'Parse error on line 1' } }),
    );
    await page.getByLabel('Zone', { exact: true }).selectOption('Footer');
    await page.getByRole('alert').getByText('Parse error on line 1').waitFor();
    await page.unrouteAll();
    await page.getByLabel('Zone', { exact: true }).selectOption('Custom');
    await box('Custom').waitFor();
    expect(await page.getByRole('alert').isVisible()).toBe(false);
  });

  it('says so where there is no such storefront', async () => {
    const { page } = await shop.open();
    await page.goto(shop.sandbox.pageBuilderUrl.replace('channelId=1', 'channelId=7'));
    await page.getByRole('alert').getByText('Channel 7 is not a Stencil storefront').waitFor();
  });

  it('takes orders from its own page only', async () => {
    const { page } = await shop.open();
    const stranger = 'https://stranger.example/';
    await page.route(stranger, (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: `<!doctype html><title>Stranger</title>
          <script>heard = 0; addEventListener('message', () => { heard += 1; });</script>
          <iframe id="frame" src="${shop.sandbox.storefrontUrl}${mugPath}?page_builder=edit"></iframe>`,
      }),
    );
    await page.goto(stranger);
    const frame = page.frameLocator('#frame');
    await frame.locator('html[data-page-builder]').waitFor();
    await page.evaluate(() => {
      const target = document.querySelector('iframe')?.contentWindow;
      target?.postMessage({ type: 'show', regions: { product_below_price: '<p>Taken over</p>' } }, '*');
    });
    // Two pictures later, what a message brings about has happened.
    await frame
      .locator('html')
      .evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    expect(await page.evaluate('heard')).toBe(0);
    expect(await frame.getByText('Taken over').count()).toBe(0);
  });

  it.each([
    ['on a desktop', { width: 1280, height: 800 }],
    ['on a narrow screen', { width: 390, height: 844 }],
  ])('axe finds nothing in it %s', async (_where, viewport) => {
    const { page, box, button } = await openBuilder(shop, mugPath, { viewport });
    await box('Product').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await button('Extole CTA Tag').press('Enter');
    await page.getByRole('menu').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByLabel('Zone', { exact: true }).selectOption('Custom');
    await box('Custom').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  });
});
