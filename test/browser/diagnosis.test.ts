import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { PRODUCTS, SHOPPERS } from '../../examples/sandbox/sandbox.js';
import { VERSION } from '../../src/catalog/version.js';
import { axeFindings } from '../support/axe.js';
import { SDK, SDK_PATH, serve, storefrontBrowser } from '../support/storefront-browser.js';

const shop = storefrontBrowser();
const mugPath = PRODUCTS[0]?.path ?? '';
const zoe = SHOPPERS.find(({ key }) => key === 'zoe');
const soon = { timeout: 10_000 };

const configure = (configuration = ''): string =>
  `<script>window.extoleStorefront = { programDomain: '${shop.sandbox.programDomain}', ${configuration} };</script>`;

const panelOf = (page: Page): Locator => page.getByRole('region', { name: 'Extole diagnosis' });
const toggleOf = (page: Page): Locator => page.getByRole('button', { name: 'Extole diagnosis' });
/** What the panel says under a label, on the page or within one zone. */
const fact = (within: Page | Locator, label: string): Promise<string[]> =>
  within.locator(`dt:text-is("${label}") + dd`).allInnerTexts();
/** The part of the panel about one zone, by the beginning of its title, opened. */
async function zoneOf(page: Page, title: string): Promise<Locator> {
  const zone = panelOf(page).locator('details', { has: page.locator('summary', { hasText: title }) });
  await zone.locator('summary').click();
  return zone;
}

/** Which of the SDK's files a page asks for. */
function recordFiles(page: Page): string[] {
  const files: string[] = [];
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith(SDK_PATH)) files.push(pathname.slice(`${SDK_PATH}extole-storefront`.length));
  });
  return files;
}

describe('the diagnosis of a page, in Chromium', () => {
  it('is wanted by the address, and costs other pages nothing', async () => {
    const { page } = await shop.open();
    const files = recordFiles(page);
    await page.goto(mugPath, { waitUntil: 'networkidle' });
    expect(files).not.toContain('-debug-panel.js');
    expect(await panelOf(page).count()).toBe(0);

    await page.goto(`${mugPath}?extole_debug`);
    await panelOf(page).waitFor();
    expect(files).toContain('-debug-panel.js');
  });

  it('stays for the further pages of the tab, and comes up in no other', async () => {
    const { page } = await shop.open();
    await page.goto(`${mugPath}?extole_debug`);
    await panelOf(page).waitFor();
    await page.getByRole('link', { name: 'Kitchen', exact: true }).click();
    await page.waitForURL('/kitchen/');
    await panelOf(page).waitFor();
    expect(await fact(page, 'Page type')).toEqual(['category']);

    const opened = page.context().waitForEvent('page');
    await page.getByRole('link', { name: 'Outdoors', exact: true }).click({ modifiers: ['ControlOrMeta'] });
    for (const tab of [await opened, await page.context().newPage()]) {
      const files = recordFiles(tab);
      await tab.goto('/', { waitUntil: 'networkidle' });
      expect(await panelOf(tab).count()).toBe(0);
      expect(files).not.toContain('-debug-panel.js');
    }
  });

  it('says what runs, how the core tag fares, and what each zone sent', async () => {
    const { page, mishaps } = await shop.open();
    await page.request.get('/sandbox/sign-in?as=mary');
    await page.goto(`${mugPath}?extole_debug`);
    await expect.poll(() => fact(page, 'State'), soon).toEqual(['Ready']);
    expect(await fact(page, 'SDK version')).toEqual([VERSION]);
    expect(await fact(page, 'Program domain')).toEqual([shop.sandbox.programDomain]);
    expect(await fact(page, 'Page type')).toEqual(['product']);
    expect(await fact(page, 'Consent')).toEqual(['Not required']);
    expect(await fact(page, 'File')).toEqual([
      expect.stringMatching(/^http:\/\/localhost:\d+\/core\.js: took \d+ ms, until \d+ ms after/),
    ]);
    expect(await fact(page, 'Shopper')).toEqual([
      'Signed in: id 7, email mary.ann@example.com, name Mary Ann Evans',
    ]);
    await expect
      .poll(() => panelOf(page).locator('summary').allInnerTexts(), soon)
      .toEqual([
        'overlay: asked for and answered',
        'global_header: rendered',
        'product: rendered',
        'global_footer: rendered',
      ]);

    const product = await zoneOf(page, 'product: rendered');
    expect(await fact(product, 'data.static_variable')).toEqual(['"foobar"']);
    expect(await fact(product, 'data.dynamic_product_url')).toEqual([
      `"${shop.sandbox.storefrontUrl}${mugPath}"`,
    ]);
    expect(await fact(product, 'data.first_name')).toEqual(['"Mary Ann"']);
    expect(await fact(product, 'data.partner_user_id')).toEqual(['"7"']);
    expect(mishaps).toEqual([]);
  });

  it('says what goes wrong with each zone, and what to do about it', async () => {
    const { page } = await shop.open();
    await serve(page, '/wrong', {
      head: configure(),
      body: `<extole-zone name="unheard_of" event-data='{"url": "{{product.url}}"}'></extole-zone>
        <extole-zone name=" "></extole-zone><extole-zone name="product" event-data="{oops}"></extole-zone>
        <div style="height: 5000px"></div><extole-zone name="global_footer" loading="lazy"></extole-zone>`,
      sdk: SDK,
    });
    await page.goto('/wrong?extole_debug');
    await expect
      .poll(async () => (await panelOf(page).locator('summary').allInnerTexts()).sort(), soon)
      .toEqual([
        '(no name): failed (ZONE_NAME_MISSING)',
        'global_footer: waits until it comes near what is seen (loading="lazy")',
        'product: rendered',
        'unheard_of: failed (EXTOLE_ZONE_EMPTY)',
      ]);
    const unheard = await zoneOf(page, 'unheard_of');
    expect(await fact(unheard, 'Error')).toEqual([
      expect.stringContaining('Enable it in the Campaign Editor under Marketing, and check its spelling.'),
    ]);
    expect(await fact(unheard, 'Unresolved')).toEqual([
      expect.stringContaining('{{product.url}} has no value on this page'),
    ]);
    expect(await fact(page, 'the page')).toEqual([expect.stringContaining('Choose a zone in Page Builder')]);
    expect(await fact(page, 'product')).toEqual([
      expect.stringContaining('line 1, column 2: expected a key in quotes'),
    ]);
  });

  it.each([
    ['error', 'Failed: EXTOLE_CORE_BLOCKED', 'check that the domain has a DNS entry'],
    ['no-global', 'Failed: EXTOLE_GLOBAL_MISSING', 'Check that the domain is the one in the Tech Center'],
  ] as const)('says what to do when the core tag is answered with %s', async (mode, state, advice) => {
    const { page } = await shop.open();
    shop.sandbox.setCoreMode(mode);
    await serve(page, '/core', {
      head: configure(),
      body: '<extole-zone name="product"></extole-zone>',
      sdk: SDK,
    });
    await page.goto('/core?extole_debug');
    await expect.poll(() => fact(page, 'State'), soon).toEqual([expect.stringContaining(state)]);
    expect(await fact(page, 'State')).toEqual([expect.stringContaining(advice)]);
  });

  it('says that the core tag is loading, and then that it is there, without being asked again', async () => {
    const { page } = await shop.open();
    let answer = (): void => {};
    const isTime = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route('**/core.js', async (route) => {
      await isTime;
      await route.continue();
    });
    await serve(page, '/core', { head: configure(), sdk: SDK });
    await page.goto('/core?extole_debug', { waitUntil: 'commit' });
    await expect.poll(() => fact(page, 'State'), soon).toEqual(['Loading']);
    answer();
    await expect.poll(() => fact(page, 'State'), soon).toEqual(['Ready']);
  });

  it('says what to enter when the program domain is none', async () => {
    const { page } = await shop.open();
    await serve(page, '/none', {
      head: "<script>window.extoleStorefront = { programDomain: 'https://share.brand.com/' };</script>",
      body: '<extole-zone name="product"></extole-zone>',
      sdk: SDK,
    });
    await page.goto('/none?extole_debug');
    await expect
      .poll(() => fact(page, 'Program domain'), soon)
      .toEqual([expect.stringContaining('Enter the bare host name')]);
    expect(await fact(page, 'State')).toEqual(['Not on the page']);
  });

  it('says that consent is waited for, and keeps nothing in the tab before it', async () => {
    const { page } = await shop.open();
    await shop.sandbox.setScripts({ consent: 'required' });
    await page.goto('/?extole_debug');
    await expect.poll(() => fact(page, 'State'), soon).toEqual(['Waits for consent']);
    expect(await fact(page, 'Consent')).toEqual([expect.stringContaining('Required, and not given')]);
    expect(await page.evaluate(() => [window.name, localStorage.length, sessionStorage.length])).toEqual([
      '',
      0,
      0,
    ]);
    // The banner stands below it.
    await page.getByRole('button', { name: 'Move to the right' }).click();
    await page.getByRole('button', { name: 'Accept' }).click();
    await expect.poll(() => fact(page, 'State'), soon).toEqual(['Ready']);
    expect(await fact(page, 'Consent')).toEqual(['Required, and given']);
  });

  it('says which automatic zones were not placed, and why', async () => {
    const { page } = await shop.open();
    await serve(page, '/automatic', {
      head: `${configure("zones: ['global_header', 'global_footer', 'product', 'overlay', 'custom']")}
        <script>window.extole = { q: [['createZone', [{ name: 'overlay' }]]], createZone() { window.extole.q.push(['createZone', arguments]) } }</script>`,
      body: '<header></header><extole-zone name="global_footer"></extole-zone>',
      sdk: SDK,
    });
    await page.goto('/automatic?extole_debug');
    const left = panelOf(page).locator('h3:text-is("Automatic zones that were not placed") + dl');
    await expect
      .poll(async () => (await left.count()) > 0 && (await left.innerText()).split(/\n+/), soon)
      .toEqual([
        'global_footer',
        'The page has it already, from a widget or the theme.',
        'product',
        'It shows on product pages only.',
        'overlay',
        'A script other than the SDK asks Extole for it.',
        'custom',
        'The theme has no place for it. Drag it in Page Builder, or write an <extole-zone> into the theme.',
      ]);
  });

  it('works under a strict Content-Security-Policy, and violates nothing', async () => {
    const { page, mishaps } = await shop.open();
    const violations: string[] = [];
    page.on(
      'console',
      (message) => /Content.Security.Policy/i.test(message.text()) && violations.push(message.text()),
    );
    await page.goto(`${mugPath}?csp=strict&extole_debug`);
    await expect.poll(() => fact(page, 'State'), soon).toEqual(['Ready']);
    // Over the page, and not a block of text at its end.
    expect(await panelOf(page).evaluate((panel) => getComputedStyle(panel).position)).toBe('fixed');
    expect(violations).toEqual([]);
    expect(mishaps).toEqual([]);
  });
});

describe('the report of a diagnosis, in Chromium', () => {
  const open = async () => {
    const opened = await shop.open({
      permissions: ['local-network-access', 'clipboard-read', 'clipboard-write'],
    });
    const { page } = opened;
    await page.request.get('/sandbox/sign-in?as=zoe');
    await shop.sandbox.setScripts({ verification: true });
    shop.sandbox.setWidgets([
      {
        id: '5f6c8d1e-0000-4b1c-9a7e-000000000001',
        region: 'header_bottom--global',
        configuration: {
          zone: 'global_header',
          custom_event_data:
            '{"greeting": "Dear {{customer.name}}", "list": ["{{customer.email}}"], "url": "{{url.href}}"}',
        },
      },
      {
        id: '5f6c8d1e-0000-4b1c-9a7e-000000000002',
        region: 'header_bottom--global',
        configuration: { zone: 'custom', custom_zone: 'unheard_of' },
      },
    ]);
    return opened;
  };
  /** The address of somebody who came by a newsletter. */
  const address = `${mugPath}?${new URLSearchParams({ email: zoe?.email ?? '', utm_source: 'news' })}&extole_debug#${zoe?.email}`;

  it('tells support what runs and what goes wrong, and nothing about the shopper', async () => {
    const { page, event } = await open();
    await page.goto(address);
    await event('failed', 'EXTOLE_ZONE_EMPTY');
    await expect.poll(() => panelOf(page).innerText(), soon).toContain('unheard_of: failed');
    // What is not told is on the screen, and is what Extole was told.
    const panel = await panelOf(page).evaluate((section) => section.textContent ?? '');
    await page.getByRole('button', { name: 'Copy report' }).click();
    await page.getByRole('status').getByText('The report is copied.').waitFor();
    const report = await page.evaluate(() => navigator.clipboard.readText());
    for (const personal of [zoe?.email, zoe?.firstName, zoe?.lastName, "o'neil", 'Dear']) {
      expect(panel).toContain(personal);
      expect(report).not.toContain(personal);
    }
    expect(report).not.toMatch(/%40|eyJ/);
    const lines = report.split('\n');
    for (const line of [
      `- SDK version: ${VERSION}`,
      `- Program domain: ${shop.sandbox.programDomain}`,
      `- Address: ${shop.sandbox.storefrontUrl}${mugPath}?email=…&utm_source=…&…`,
      '- Page type: product',
      '- Shopper: Signed in: id, email, name',
      '- Verification: Verified: BigCommerce and the app vouch for the shopper',
      '### global_header: rendered',
      '- data.partner_user_id: string(1)',
      `- data.email: string(${zoe?.email.length})`,
      `- data.greeting: string(${`Dear ${zoe?.firstName} ${zoe?.lastName}`.length})`,
      '- data.list: array(1)',
      '### unheard_of: failed (EXTOLE_ZONE_EMPTY)',
    ]) {
      expect(lines).toContain(line);
    }
  });

  it('is there to be copied by keyboard where the browser keeps the clipboard to itself', async () => {
    const { page } = await open();
    await page.addInitScript(() => {
      Object.defineProperty(navigator, 'clipboard', { value: undefined });
    });
    await page.goto(address);
    await page.getByRole('button', { name: 'Copy report' }).click();
    await page.getByRole('status').getByText('copy it by keyboard').waitFor();
    const report = page.getByRole('textbox', { name: 'Report' });
    const text = await report.inputValue();
    expect(text).toContain(`- SDK version: ${VERSION}`);
    expect(
      await report.evaluate((field: HTMLTextAreaElement) => field.selectionEnd - field.selectionStart),
    ).toBe(text.length);
  });
});

describe('the panel of a diagnosis, in Chromium', () => {
  /** A page with one link, where the panel is, and one zone. */
  const open = async () => {
    const opened = await shop.open();
    await serve(opened.page, '/panel', {
      head: configure(),
      body: `<main><h1>Store</h1><extole-zone name="product"></extole-zone></main>
        <a href="/our-story/" style="position: fixed; left: 20px; bottom: 20px">Our story</a>`,
      sdk: SDK,
    });
    await opened.page.goto('/panel?extole_debug');
    await opened.event('rendered');
    await expect.poll(() => fact(opened.page, 'State'), soon).toEqual(['Ready']);
    return opened;
  };
  const focused = (page: Page) =>
    page.evaluate(() => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      return element?.getAttribute('aria-label') ?? element?.textContent;
    });
  const tab = async (page: Page): Promise<string | null | undefined> => {
    await page.keyboard.press('Tab');
    return focused(page);
  };

  it('is reached, read, collapsed and closed by keyboard alone', async () => {
    const { page } = await open();
    await page.getByRole('link', { name: 'Our story' }).focus();
    const order = [];
    for (let times = 0; times < 7; times += 1) order.push(await tab(page));
    expect(order).toEqual([
      'Extole diagnosis',
      'Copy report',
      'Refresh',
      'Move to the right',
      'Close',
      'Findings',
      'product: rendered',
    ]);
    const data = panelOf(page).getByText('data.locale');
    expect(await data.isVisible()).toBe(false);
    await page.keyboard.press('Enter');
    await data.waitFor();

    // By Escape from anywhere inside, and back by its button, which has the focus then.
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Copy report' }).waitFor({ state: 'hidden' });
    expect(await focused(page)).toBe('Extole diagnosis');
    expect(await toggleOf(page).getAttribute('aria-expanded')).toBe('false');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Copy report' }).waitFor();
    expect(await toggleOf(page).getAttribute('aria-expanded')).toBe('true');

    for (let times = 0; times < 4; times += 1) await tab(page);
    expect(await focused(page)).toBe('Close');
    await page.keyboard.press('Enter');
    await panelOf(page).waitFor({ state: 'detached' });
  });

  it('lets a long list of findings be scrolled by keyboard', async () => {
    const { page } = await open();
    const findings = page.getByRole('group', { name: 'Findings' });
    await findings.focus();
    await page.keyboard.press('End');
    await expect.poll(() => findings.evaluate(({ scrollTop }) => scrollTop), soon).toBeGreaterThan(0);
    expect(await page.evaluate(() => document.scrollingElement?.scrollTop)).toBe(0);
  });

  it('takes no focus when it comes', async () => {
    const { page } = await open();
    expect(await page.evaluate(() => document.activeElement?.localName)).toBe('body');
  });

  it('gives way when it is moved', async () => {
    const { page } = await open();
    await page.getByRole('button', { name: 'Move to the right' }).click();
    await page.getByRole('link', { name: 'Our story' }).click();
    await page.waitForURL('/our-story/');
  });

  it('gives the page back when it is closed, and is not wanted on the next one', async () => {
    const { page } = await open();
    await page.getByRole('button', { name: 'Close' }).click();
    expect(await page.locator('extole-debug').count()).toBe(0);
    expect(await page.evaluate(() => window.name)).toBe('');
    // News of zones do not bring it back.
    shop.sandbox.clearZoneRequests();
    await page.evaluate(() => window.extoleStorefront?.q?.push(['refresh']));
    await shop.requests(1);
    await page.locator('extole-zone > *').first().waitFor();

    const files = recordFiles(page);
    await page.getByRole('link', { name: 'Our story' }).click();
    await page.waitForURL('/our-story/');
    await page.waitForLoadState('networkidle');
    expect(await panelOf(page).count()).toBe(0);
    expect(files).not.toContain('-debug-panel.js');
  });

  it("leaves a name that the page's own scripts gave the tab", async () => {
    const { page } = await shop.open();
    await page.addInitScript(() => {
      if (!window.name) window.name = 'theirs';
    });
    await page.goto(`${mugPath}?extole_debug`);
    await panelOf(page).waitFor();
    await page.goto('/our-story/');
    await page.getByRole('button', { name: 'Close' }).click();
    expect(await page.evaluate(() => window.name)).toBe('theirs');
  });

  it('goes when the SDK is stopped', async () => {
    const { page } = await open();
    await page.evaluate(() => window.extoleStorefront?.q?.push(['stop']));
    await panelOf(page).waitFor({ state: 'detached' });
  });

  it.each([
    ['desktop', 1280],
    ['phone', 375],
  ])('has nothing that axe finds, open or collapsed, on a %s', async (_what, width) => {
    const { page } = await shop.open({ viewport: { width, height: 700 } });
    await page.request.get('/sandbox/sign-in?as=zoe');
    await page.goto(`${mugPath}?extole_debug`);
    await expect.poll(() => panelOf(page).locator('summary').count(), soon).toBe(4);
    await zoneOf(page, 'product: rendered');
    expect(await axeFindings(page)).toEqual([]);
    await toggleOf(page).click();
    expect(await axeFindings(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  });
});
