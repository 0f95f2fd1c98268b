import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { DomainCheckAnswer } from '../../src/catalog/admin-api.js';
import { ORDER_DATA_PATHS } from '../../src/catalog/order-data.js';
import { newActivity } from '../support/admin-activity.js';
import { doneChannel, newChannel, newJob } from '../support/admin-api.js';
import { startAdminPages } from '../support/admin-pages.js';
import { axeFindings } from '../support/axe.js';

const TOKEN = 'tok-typed-by-merchant-9f3a';

const { api, mishaps, open } = await startAdminPages('/');

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const domain = (page: Page) => page.getByLabel('Branded Program Domain');
const token = (page: Page) => page.getByRole('textbox', { name: 'Extole Access Token' });
const bar = (page: Page) => page.getByRole('status').last();
const verdict = (page: Page) => page.getByTestId('domain-check');
/** What the app keeps for the user, as text. */
const kept = (): string => JSON.stringify(api.state.notes);
const saves = () => api.requests.filter(({ route }) => route === 'save').map(({ body }) => body);

async function fillIn(page: Page): Promise<void> {
  await domain(page).fill('share.brand.com');
  await page.locator('#accessToken').fill(TOKEN);
}

async function openAdvanced(page: Page): Promise<void> {
  await button(page, 'Show / Hide Advanced').click();
  await page.getByText('Enable Notification Events').waitFor();
}

const focusedId = (page: Page): Promise<string> => page.evaluate(() => document.activeElement?.id ?? '');

const isWide = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.documentElement.scrollWidth > innerWidth);

/** A store with three storefronts, of which something is missing. */
function setUpStore(): void {
  const key = { keyId: 'key-1', lastFour: 'zz99', savedAt: '2025-11-02T10:00:00.000Z' };
  api.state = {
    ...api.state,
    channels: [
      doneChannel(1, 'Brand Store', { verificationKey: key }),
      newChannel(2, 'Brand Outlet', { sameAs: 1 }),
      newChannel(3, 'Catalyst Shop', { platform: 'catalyst', pageBuilderUrl: null }),
    ],
  };
  api.status = {
    ...api.status,
    lookedAt: '2025-11-03T08:00:00.000Z',
    differences: [{ channelId: 1, what: 'script', name: 'Extole: store pages', action: 'create' }],
    notices: [{ code: 'REGION_MISSING', message: 'the theme has no region for the zone global_header.' }],
    webhooks: [
      { scope: 'store/channel/created', isActive: true },
      { scope: 'store/app/uninstalled', isActive: false },
    ],
    recentJobs: [
      newJob({ kind: 'repair', state: 'failed', failure: { code: 'BIGCOMMERCE_UNAVAILABLE', message: '…' } }),
    ],
  };
}

describe('the settings page, in Chromium,', () => {
  it('has every card and label of the published app, in its order', async () => {
    const page = await open();
    await openAdvanced(page);
    await button(page, 'Custom Event Data').click();
    await button(page, 'Add').click();
    const shown = (await page.locator('main').innerText()).replace(/\s+/g, ' ');
    const labels = [
      'Acquire and retain customers with dynamic engagement programs.',
      'Read the documentation',
      'Step 1: Configure Extole Core Settings',
      'Branded Program Domain *',
      'Extole Access Token *',
      'Save',
      'Enable / Disable Extole Core Settings',
      'Header',
      'A global CTA on the header of all pages',
      'Footer',
      'A global CTA on the footer of all pages',
      'Product Detail',
      'A CTA on your product detail pages for product sharing',
      'Global Overlay',
      'A floating CTA on all pages',
      'Open in Page Builder',
      'Order Confirmation',
      'An overlay (pop-up) on the order confirmation page',
      'Enable / Disable Order Confirmation CTA',
      'Step 3',
      'Open Rewards',
      'Show / Hide Advanced',
      'Enable Notification Events',
      'Enable real-time notifications to capture key events like order created, order fulfilled, and order canceled.',
      'Enable Order Created Notification (required for tracking)',
      'Enable Order Fulfilled Notification',
      'Enable Order Canceled Notification',
      'Enable Order Partially Refunded Notification',
      'Enable Order Refunded Notification',
      'Order Created Data',
      'Partner conversion ID',
      'Email',
      'Partner user ID',
      'First name',
      'Last name',
      'Cart value',
      'Locale',
      'Coupon code',
      'Custom Event Data',
      'Key',
      'Value',
      'Add',
      'Save',
    ];
    let place = 0;
    for (const label of labels) {
      place = shown.indexOf(label, place);
      expect(place, label).not.toBe(-1);
    }
    const editor = page.getByRole('link', { name: 'Open in Page Builder' });
    expect(await editor.getAttribute('target')).toBe('_blank');
    expect(await page.getByLabel('Partner conversion ID').isDisabled()).toBe(true);
  });

  it('is set up: two fields, one card, Save; then it tells how the store is brought up to date', async () => {
    const page = await open();
    await page.getByText('Enter your program domain').waitFor();
    await fillIn(page);
    await page.getByLabel('Header', { exact: true }).check();
    await button(page, 'Save').click();
    await bar(page).getByText('1 of 2 done. Now: creating “Extole CTA Tag”.').waitFor();
    await bar(page).getByText('Your store is up to date.').waitFor();
    expect(saves()).toMatchObject([
      {
        revision: 0,
        accessToken: TOKEN,
        settings: { programDomain: 'share.brand.com', zones: { global_header: true } },
      },
    ]);
    const steps = page.getByRole('listitem').filter({ hasText: '(done)' });
    expect(await steps.count()).toBe(3);
    await page.getByText('Saved, ends in 9f3a').waitFor();
    expect(mishaps).toEqual([]);
  });

  it('takes the session out of the document, and asks for nothing of other origins', async () => {
    const asked: string[] = [];
    const page = await open();
    page.on('request', (request) => asked.push(request.url()));
    await page.reload();
    await page.getByText('Step 1').waitFor();
    expect(await page.locator('#extole-session').count()).toBe(0);
    expect(await page.content()).not.toContain('session-');
    expect(asked.filter((url) => !url.startsWith(api.url))).toEqual([]);
    expect(asked.filter((url) => /session-/.test(url))).toEqual([]);
    expect(mishaps).toEqual([]);
  });

  it('has a token nowhere once it is saved, and never in what is kept', async () => {
    const page = await open();
    await fillIn(page);
    await expect.poll(kept).toContain('share.brand.com');
    expect(kept()).not.toContain(TOKEN);
    await button(page, 'Save').click();
    await page.getByText('Saved, ends in 9f3a').waitFor();
    const values = await page
      .locator('input')
      .evaluateAll((inputs) => inputs.map((input) => ('value' in input ? `${input.value}` : '')));
    expect(values.join(' ') + (await page.content())).not.toContain(TOKEN);
    // What was saved is not kept any longer either.
    await expect.poll(kept).toBe('[]');
    const notes = api.requests.filter(({ route }) => route === 'note');
    expect(JSON.stringify(notes)).not.toContain(TOKEN);
    expect(await page.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0);
  });

  it('reveals a token while it is typed, and replaces and removes one that is saved', async () => {
    api.state = { ...api.state, channels: [doneChannel(1, 'Brand Store')] };
    const page = await open();
    await button(page, 'Replace').click();
    await page.locator('#accessToken').fill(TOKEN);
    expect(await page.locator('#accessToken').getAttribute('type')).toBe('password');
    await button(page, 'Show what is typed').click();
    expect(await token(page).getAttribute('type')).toBe('text');
    await button(page, 'Keep the saved one').click();
    expect(await bar(page).innerText()).toBe('');
    await button(page, 'Remove').click();
    await page.getByText('Will be removed when you save').waitFor();
    await page.getByText('Enable / Disable Extole Core Settings').click();
    await button(page, 'Save changes').click();
    await page.locator('#accessToken').waitFor();
    expect(saves()).toMatchObject([{ accessToken: null, settings: { isEnabled: false } }]);
  });
});

describe('the program domain', () => {
  it.each([
    ['not-a-host-name', 'no https://, no path and no port'],
    ['internal-address', 'internal address'],
    ['unknown-host', 'does not exist in DNS'],
    ['no-answer', 'does not answer'],
    ['not-extole', 'not as Extole'],
    ['storefront-not-allowed', 'Tech Center add the storefront’s host'],
  ] satisfies [NonNullable<DomainCheckAnswer['problem']>, string][])(
    'is told, when it is %s, what to do',
    async (problem, sentence) => {
      api.domainProblems.set('share.brand.com', problem);
      const page = await open();
      await domain(page).fill('share.brand.com');
      await verdict(page).getByText(sentence).waitFor();
      expect(await verdict(page).getAttribute('aria-live')).toBe('polite');
    },
  );

  it('is looked at once nobody types for half a second, and only as it stands then', async () => {
    const page = await open();
    await page.getByText('Step 1').waitFor();
    await page.clock.install();
    await page.clock.pauseAt(Date.now() + 60_000);
    await domain(page).pressSequentially('share.brand.com');
    await page.clock.runFor(499);
    expect(api.requests.filter(({ route }) => route === 'check')).toEqual([]);
    await page.clock.runFor(1);
    await page.clock.resume();
    await verdict(page).getByText('it allows https://brand-store.example').waitFor();
    expect(api.requests.filter(({ route }) => route === 'check')).toHaveLength(1);
  });

  it('calls off a check that is outdated, and does not show its answer', async () => {
    api.domainProblems.set('old.brand.com', 'not-extole');
    const letGo = api.hold('check');
    const page = await open();
    const calledOff = page.waitForEvent('requestfailed');
    await domain(page).fill('old.brand.com');
    await expect.poll(() => api.requests.filter(({ route }) => route === 'check').length).toBe(1);
    await domain(page).fill('new.brand.com');
    expect((await calledOff).failure()?.errorText).toBe('net::ERR_ABORTED');
    letGo();
    await verdict(page).getByText('it allows').waitFor();
    expect(await verdict(page).innerText()).not.toContain('old.brand.com');
  });

  it('may be pasted as an address', async () => {
    const page = await open();
    await domain(page).fill('https://share.brand.com/path?x=1');
    expect(await domain(page).inputValue()).toBe('share.brand.com');
  });
});

describe('a save that fails', () => {
  it('for what is missing puts the focus into the first field, and says by each what it takes', async () => {
    const page = await open();
    await button(page, 'Save').click();
    await bar(page).getByText('2 fields need your attention').waitFor();
    expect(await focusedId(page)).toBe('settings.programDomain');
    expect(await domain(page).getAttribute('aria-invalid')).toBe('true');
    expect(await domain(page).evaluate(describedBy)).toContain('Enter your program domain');
    // While one field is mended, the focus stays.
    await page.keyboard.type('s');
    expect(await focusedId(page)).toBe('settings.programDomain');
    expect(saves()).toEqual([]);
  });

  it('for a field behind "Advanced" opens it', async () => {
    api.state = { ...api.state, channels: [doneChannel(1, 'Brand Store')] };
    const page = await open();
    await openAdvanced(page);
    await button(page, 'Order fulfilled: name and statuses').click();
    await page.getByLabel('Event name').fill('not a name');
    await button(page, 'Order fulfilled: name and statuses').click();
    await button(page, 'Show / Hide Advanced').click();
    await button(page, 'Save changes').click();
    await page.getByText('Use letters, digits, dots').waitFor();
    await expect.poll(() => focusedId(page)).toBe('settings.orderEvents.fulfilled.name');
  });

  it('for a saved token that is to go says so by it', async () => {
    setUpStore();
    const page = await open();
    await button(page, 'Remove').click();
    await button(page, 'Save changes').click();
    const group = page.getByRole('group', { name: 'Extole Access Token' });
    await group.getByText('Enter your Extole access token').waitFor();
    expect(await group.evaluate((element) => element.contains(document.activeElement))).toBe(true);
    expect(await axeFindings(page)).toEqual([]);
  });

  it('for the token says so by its box', async () => {
    api.failNext('save', 422, { code: 'ACCESS_TOKEN_REFUSED', message: 'Extole refused it.' });
    const page = await open();
    await fillIn(page);
    await button(page, 'Save').click();
    await page.getByText('Extole does not take this access token').waitFor();
    expect(await focusedId(page)).toBe('accessToken');
    expect(await page.locator('#accessToken').inputValue()).toBe(TOKEN);
  });

  it('for a field that only the app knows to be wrong has the app’s words by it', async () => {
    api.failNext('save', 422, {
      code: 'INPUT_INVALID',
      message: 'something is not as it has to be.',
      issues: [{ path: 'settings.programDomain', message: 'It leads to an internal address.' }],
    });
    const page = await open();
    await fillIn(page);
    await button(page, 'Save').click();
    await page.getByText('It leads to an internal address.').waitFor();
    expect(await focusedId(page)).toBe('settings.programDomain');
  });

  it.each([
    ['Extole does not answer', () => api.failNext('save', 503, { code: 'EXTOLE_UNAVAILABLE', message: '' })],
    [
      'the connection breaks',
      (page) => page.route('**/api/channels/*', (asked) => asked.abort(), { times: 1 }),
    ],
    ['the app fails', () => api.failNext('save', 500, { code: 'INTERNAL', message: 'it is our fault.' })],
  ] satisfies [string, (page: Page) => unknown][])(
    'when %s keeps what was typed, and goes through at the next try',
    async (_what, fail) => {
      const page = await open();
      await fillIn(page);
      await fail(page);
      await button(page, 'Save').click();
      await bar(page).getByText('Your changes are kept.').waitFor();
      expect(await axeFindings(page)).toEqual([]);
      await button(page, 'Save changes').click();
      await page.getByText('Saved, ends in 9f3a').waitFor();
      expect(saves().at(-1)).toMatchObject({ accessToken: TOKEN });
    },
  );

  it('does not send twice what is on its way', async () => {
    const letGo = api.hold('save');
    const page = await open();
    await fillIn(page);
    await button(page, 'Save').click();
    await bar(page).getByText('Saving…').waitFor();
    await button(page, 'Save').click();
    await button(page, 'Save changes').click();
    await page.getByLabel('Footer', { exact: true }).check();
    letGo();
    await page.getByText('Saved, ends in 9f3a').waitFor();
    expect(saves()).toHaveLength(1);
    // What was changed meanwhile is still there, and to be saved.
    await bar(page).getByText('You have unsaved changes.').waitFor();
    expect(await page.getByLabel('Footer', { exact: true }).isChecked()).toBe(true);
  });
});

describe('what is not saved', () => {
  it('outlasts a session that ended, but for the token, and is offered back', async () => {
    const page = await open();
    await fillIn(page);
    await page.getByLabel('Footer', { exact: true }).check();
    await expect.poll(kept).toContain('"global_footer":true');
    api.endSession();
    await button(page, 'Save changes').click();
    await bar(page)
      .getByText('Open Extole again from the Apps menu; what you changed before is kept')
      .waitFor();
    expect(await button(page, 'Save changes').isDisabled()).toBe(true);
    expect(await axeFindings(page)).toEqual([]);

    await page.goto(api.url);
    await page.getByText('They are not saved yet.').waitFor();
    expect(await domain(page).inputValue()).toBe('share.brand.com');
    expect(await page.getByLabel('Footer', { exact: true }).isChecked()).toBe(true);
    expect(await page.locator('#accessToken').inputValue()).toBe('');
    expect(await axeFindings(page)).toEqual([]);

    await button(page, 'Discard them').click();
    expect(await domain(page).inputValue()).toBe('');
    await expect.poll(kept).toBe('[]');
    await page.reload();
    await page.getByText('Step 1').waitFor();
    expect(await page.getByText('They are not saved yet.').count()).toBe(0);
  });

  it('is kept as it was last, however fast it is typed', async () => {
    const page = await open();
    const release = api.hold('note');
    await domain(page).fill('first.brand.com');
    await expect.poll(() => api.requests.filter(({ route }) => route === 'note').length).toBe(1);
    await domain(page).fill('second.brand.com');
    await domain(page).fill('third.brand.com');
    release();
    await expect.poll(kept).toContain('third.brand.com');
    expect(api.requests.filter(({ route }) => route === 'note')).toHaveLength(2);
  });

  it('is asked about before the page is left', async () => {
    const page = await open();
    await domain(page).fill('share.brand.com');
    const asked = page.waitForEvent('dialog');
    const leaving = page.close({ runBeforeUnload: true });
    expect((await asked).type()).toBe('beforeunload');
    await (await asked).dismiss();
    await leaving;
    expect(await domain(page).inputValue()).toBe('share.brand.com');
    await button(page, 'Discard').click();
    await Promise.all([page.waitForEvent('close'), page.close({ runBeforeUnload: true })]);
  });

  it('is kept for each storefront apart, and seen when another is chosen', async () => {
    setUpStore();
    const page = await open({ path: '/?channel=3' });
    await domain(page).fill('catalyst.brand.com');
    const choice = page.getByRole('combobox', { name: 'Which storefront do you want to set up?' });
    await choice.click();
    await page.getByRole('option', { name: 'Brand Store' }).click();
    await expect.poll(() => domain(page).inputValue()).toBe('share.brand.com');
    await choice.click();
    await page.getByRole('option', { name: 'Catalyst Shop (unsaved changes)' }).click();
    await expect.poll(() => domain(page).inputValue()).toBe('catalyst.brand.com');
  });
});

describe('two users who save at once', () => {
  it('the second sees field by field what changed, and decides', async () => {
    api.state = { ...api.state, channels: [doneChannel(1, 'Brand Store')] };
    const page = await open();
    await domain(page).fill('mine.brand.com');
    await page.getByLabel('Footer', { exact: true }).check();
    api.saveAsAnother(1, (channel) => ({
      ...channel,
      settings: {
        ...channel.settings,
        programDomain: 'theirs.brand.com',
        programLabel: 'spring',
        requireConsent: true,
      },
    }));
    await button(page, 'Save changes').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('colleague@brand.example saved these settings').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    const group = (name: string) => dialog.getByRole('group', { name });
    expect(await group('Branded Program Domain').getByLabel('Yours: mine.brand.com').isChecked()).toBe(true);
    expect(await group('Program label').getByLabel('Theirs: spring').isChecked()).toBe(true);
    await group('Ask for consent on the page too').getByText('Yours: Off').click();
    await button(page, 'Save these').click();
    await bar(page).getByText('up to date').waitFor();
    expect(saves().at(-1)).toMatchObject({
      revision: 4,
      settings: {
        programDomain: 'mine.brand.com',
        programLabel: 'spring',
        requireConsent: false,
        zones: { global_header: true, global_footer: true },
      },
    });
    expect(mishaps).toEqual([]);
  });

  it('the second loses nothing by closing the question', async () => {
    api.state = { ...api.state, channels: [doneChannel(1, 'Brand Store')] };
    const page = await open();
    await domain(page).fill('mine.brand.com');
    const change = { programDomain: 'theirs.brand.com' };
    api.saveAsAnother(1, (channel) => ({ ...channel, settings: { ...channel.settings, ...change } }));
    await button(page, 'Save changes').click();
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await domain(page).inputValue()).toBe('mine.brand.com');
    await expect.poll(kept).toContain('mine.brand.com');
    await page.reload();
    // What was left meets what stands now as soon as the page is back.
    await page.getByRole('dialog').getByText('Theirs: theirs.brand.com').waitFor();
    await button(page, 'Go on with these').click();
    expect(await domain(page).inputValue()).toBe('mine.brand.com');
    await button(page, 'Save changes').click();
    await bar(page).getByText('up to date').waitFor();
  });
});

describe('the status', () => {
  it('says what is missing, and repairs it only when asked twice', async () => {
    setUpStore();
    const page = await open();
    const status = page.locator('#status');
    await status.getByText('Script “Extole: store pages”: is missing (Brand Store)').waitFor();
    await status.getByText('The theme has no region for the zone global_header.').waitFor();
    await status.getByText('BigCommerce did not answer. Try again later.').waitFor();
    await button(page, 'Repair').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('BigCommerce does not tell Extole of store/app/uninstalled').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await button(page, 'Cancel').click();
    expect(api.requests.filter(({ route }) => route === 'repair')).toEqual([]);
    await button(page, 'Repair').click();
    await dialog.getByRole('button', { name: 'Repair' }).click();
    await bar(page).getByText('Your store is up to date.').waitFor();
    expect(api.requests.filter(({ route }) => route === 'repair')).toHaveLength(1);
  });

  it('is looked at anew when that is asked for', async () => {
    const page = await open();
    await page.getByText('Your store was not looked at yet.').waitFor();
    api.status = { ...api.status, lookedAt: '2025-11-03T08:00:00.000Z' };
    await button(page, 'Look again').click();
    await page.getByText('All is in place.').waitFor();
    expect(api.requests.filter(({ route }) => route === 'look')).toHaveLength(1);
  });

  it.each([
    ['events were refused', newActivity({ dead: 2 })],
    [
      'a token is missing',
      newActivity({
        waiting: 1,
        pauses: [
          {
            channelId: 1,
            reason: 'no-token',
            since: '2025-11-03T08:00:00.000Z',
            until: '2025-11-03T09:00:00.000Z',
            failure: { code: 'ACCESS_TOKEN_MISSING', message: 'there is none.' },
          },
        ],
      }),
    ],
  ])('leads to the activity when %s', async (_what, activity) => {
    api.activity.answer = activity;
    const page = await open();
    const status = page.locator('#status');
    await status.getByText('Events for Extole need your attention.').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await status.getByRole('link', { name: 'Open Activity' }).click();
    await page.getByRole('heading', { name: 'Activity' }).waitFor();
  });

  it('does not speak of events that are on their way', async () => {
    api.activity.answer = newActivity({ waiting: 3 });
    const page = await open();
    await page.getByText('Your store was not looked at yet.').waitFor();
    await expect.poll(() => api.requests.some(({ route }) => route === 'activity')).toBe(true);
    expect(await page.getByText('need your attention').count()).toBe(0);
  });

  it('says at the top that BigCommerce has to be asked to let Extole in again', async () => {
    api.status = { ...api.status, connection: 'reauthorize' };
    const page = await open();
    await page.getByRole('alert').getByText('accept the permissions that it asks for').waitFor();
  });

  it('follows a job that was running before the page was opened', async () => {
    api.status = { ...api.status, recentJobs: [newJob({ state: 'running' })] };
    const page = await open();
    await bar(page).getByText('Your store is up to date.').waitFor();
  });

  it('says why a job failed, and tries again', async () => {
    api.status = { ...api.status, recentJobs: [newJob({ state: 'running' })] };
    const failure = { code: 'THEME_NOT_STENCIL', message: 'the store has a Blueprint theme.' };
    api.jobStates = [{ state: 'failed', failure }];
    const page = await open();
    await bar(page).getByText('The store has a Blueprint theme.').waitFor();
    api.jobStates = [{ state: 'done' }];
    await button(page, 'Try again').click();
    await bar(page).getByText('Your store is up to date.').waitFor();
  });
});

describe('what Extole is told of orders', () => {
  it('is as the settings say: which events, when, how, and what the cart value is', async () => {
    api.state = { ...api.state, channels: [doneChannel(1, 'Brand Store')] };
    const page = await open();
    await openAdvanced(page);
    const refunds = page.getByLabel(/^Enable Order (Partially )?Refunded/);
    expect(await refunds.evaluateAll((boxes) => boxes.filter((box) => box.matches(':checked')).length)).toBe(
      0,
    );
    await page.getByText('Enable Order Refunded Notification').click();
    await button(page, 'Order created: name and statuses').click();
    await page.getByRole('group', { name: 'Order statuses that mean it' }).waitFor();
    await page.getByText('As soon as the order is created').click();
    // Statuses count no longer.
    expect(await page.getByRole('group', { name: 'Order statuses that mean it' }).count()).toBe(0);
    await page.getByText('Synchronously', { exact: true }).click();
    await page.getByRole('combobox', { name: 'What counts as cart value' }).click();
    await page.getByRole('option', { name: /^Total with tax/ }).click();
    await button(page, 'Save changes').click();
    await bar(page).getByText('up to date').waitFor();
    expect(saves()).toMatchObject([
      {
        settings: {
          orderEvents: {
            created: { timing: 'creation' },
            partially_refunded: { isEnabled: false },
            refunded: { isEnabled: true },
          },
          eventEndpoint: 'sync',
          cartValue: 'total_inc_tax',
        },
      },
    ]);
    expect(mishaps).toEqual([]);
  });

  it('has no cart value to choose where none is sent', async () => {
    const page = await open();
    await openAdvanced(page);
    await page.getByText('Cart value', { exact: true }).click();
    expect(await page.getByRole('combobox', { name: 'What counts as cart value' }).count()).toBe(0);
  });

  it('may hold any value that BigCommerce has of an order, found by its name or its place', async () => {
    const page = await open();
    await openAdvanced(page);
    await button(page, 'Custom Event Data').click();
    await button(page, 'Add').click();
    await button(page, 'Dynamic values for value 1').click();
    const offers = page.getByRole('option');
    expect(await offers.count()).toBe(ORDER_DATA_PATHS.length);
    const search = page.getByRole('combobox', { name: 'Search values' });
    await search.fill('no such thing');
    await page.getByText('No value is called that.').waitFor();
    await page.keyboard.press('Enter');
    await search.fill('external_source');
    expect(await offers.count()).toBe(1);
    await offers.click();
    await page.getByLabel('Value 1', { exact: true }).press('End');
    await page.keyboard.type(' / ');
    await button(page, 'Dynamic values for value 1').click();
    await search.fill('coupon code');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect(await page.getByLabel('Value 1', { exact: true }).inputValue()).toBe(
      '{{order.external_source}} / {{order.coupons[0].code}}',
    );
  });

  it('is told of to two users who change it at once, in words', async () => {
    api.state = { ...api.state, channels: [doneChannel(1, 'Brand Store')] };
    const page = await open();
    await domain(page).fill('mine.brand.com');
    api.saveAsAnother(1, (channel) => {
      const { created } = channel.settings.orderEvents;
      return {
        ...channel,
        settings: {
          ...channel.settings,
          cartValue: 'total_ex_tax',
          eventEndpoint: 'sync',
          orderEvents: {
            ...channel.settings.orderEvents,
            created: { ...created, timing: 'creation' },
          },
        },
      };
    });
    await button(page, 'Save changes').click();
    const dialog = page.getByRole('dialog');
    for (const [name, theirs] of [
      ['What counts as cart value', 'Theirs: Total without tax'],
      ['How events are sent', 'Theirs: Synchronously'],
      ['Order created: name and statuses: When Extole is told', 'Theirs: As soon as the order is created'],
    ] as const) {
      expect(await dialog.getByRole('group', { name }).getByLabel(theirs).isChecked()).toBe(true);
    }
  });
});

describe('storefronts', () => {
  it('have the settings of another, or their own', async () => {
    setUpStore();
    const page = await open({ path: '/?channel=2' });
    await page.getByText('the same settings as Brand Store').waitFor();
    expect(await domain(page).count()).toBe(0);
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('combobox', { name: 'Settings of this storefront' }).click();
    await page.getByRole('option', { name: 'Its own settings' }).click();
    expect(await domain(page).inputValue()).toBe('');
    await page.getByRole('combobox', { name: 'Settings of this storefront' }).click();
    await page.getByRole('option', { name: 'Same settings as Brand Store' }).click();
    await expect.poll(() => bar(page).innerText()).toBe('');
  });

  it('on Catalyst are told what to do in place of marketing tags', async () => {
    setUpStore();
    const page = await open({ path: '/?channel=3' });
    await page.getByText('This is a Catalyst storefront.').waitFor();
    expect(await page.getByLabel('Footer', { exact: true }).count()).toBe(0);
    expect(await page.getByRole('link', { name: 'Open in Page Builder' }).count()).toBe(0);
    expect(await axeFindings(page)).toEqual([]);
  });

  it('need not be chosen where there is one', async () => {
    const page = await open();
    await page.getByText('Step 1').waitFor();
    expect(await page.getByRole('combobox').count()).toBe(0);
  });

  it('may be missing', async () => {
    api.state = { ...api.state, channels: [] };
    const page = await open();
    await page.getByText('This store has no storefront').waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });
});

describe('a page that can not start', () => {
  it('says why, and tries again', async () => {
    api.failNext('state', 404, { code: 'STORE_UNKNOWN', message: 'the store is not known.' });
    const page = await open();
    await page.getByText('The store is not known.').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await button(page, 'Try again').click();
    await page.getByText('Step 1').waitFor();
  });

  it('shows that it loads until then', async () => {
    const letGo = api.hold('state');
    const page = await open();
    await page.getByLabel('Loading the settings').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    letGo();
    await page.getByText('Step 1').waitFor();
  });
});

describe('the session', () => {
  it('is renewed before it ends', async () => {
    const page = await open();
    await page.getByText('Step 1').waitFor();
    await page.clock.install();
    await page.reload();
    await page.getByText('Step 1').waitFor();
    const renewals = () => api.requests.filter(({ route }) => route === 'session').length;
    await page.clock.runFor(3.9 * 60_000);
    expect(renewals()).toBe(0);
    await page.clock.runFor(0.2 * 60_000);
    await expect.poll(renewals).toBe(1);
    await fillIn(page);
    await button(page, 'Save').click();
    await page.clock.runFor(5_000);
    await page.getByText('Saved, ends in 9f3a').waitFor();
  });
});

describe('all of it', () => {
  it('works by keyboard', async () => {
    const page = await open();
    const { keyboard } = page;
    await button(page, 'Go there').focus();
    await keyboard.press('Enter');
    expect(await focusedId(page)).toBe('settings.programDomain');
    await keyboard.type('share.brand.com');
    await keyboard.press('Tab');
    expect(await focusedId(page)).toBe('accessToken');
    await keyboard.type(TOKEN);
    await keyboard.press('Tab');
    await keyboard.press('Tab');
    await keyboard.press('Tab');
    expect(await focusedId(page)).toBe('settings.isEnabled');
    await keyboard.press('Tab');
    await keyboard.press('Space');
    expect(await page.getByLabel('Header', { exact: true }).isChecked()).toBe(true);

    await openAdvanced(page);
    await button(page, 'Custom Event Data').press('Enter');
    await button(page, 'Add').press('Enter');
    await page.getByLabel('Key 1').fill('category');
    await button(page, 'Dynamic values for value 1').press('Enter');
    await keyboard.type('first product');
    await keyboard.press('ArrowUp');
    await keyboard.press('Enter');
    const value = page.getByLabel('Value 1', { exact: true });
    expect(await value.inputValue()).toBe('{{order.products[0].category}}');
    await keyboard.press('Enter');
    await keyboard.press('Escape');
    expect(await page.getByRole('combobox', { name: 'Search values' }).count()).toBe(0);
    await button(page, 'Save changes').press('Enter');
    await bar(page).getByText('Your store is up to date.').waitFor();
    expect(saves()).toMatchObject([
      {
        settings: {
          zones: { global_header: true },
          customEventData: [{ key: 'category', value: '{{order.products[0].category}}' }],
        },
      },
    ]);
  });

  it.each([1_280, 320])('is without findings of axe, and not too wide, at %i px', async (width) => {
    setUpStore();
    const page = await open({ width });
    await page.getByText('Saved, ends in ab12').waitFor();
    await page.getByText('is missing').waitFor();
    await openAdvanced(page);
    for (const name of ['created', 'fulfilled', 'canceled', 'partially refunded', 'refunded']) {
      await button(page, `Order ${name}: name and statuses`).click();
    }
    await button(page, 'Custom Event Data').click();
    await button(page, 'Add').click();
    await button(page, 'Add').click();
    await button(page, 'Save changes').click();
    await page.getByText('Enter a key of at most 100 characters').first().waitFor();
    await button(page, 'Dynamic values for value 1').click();
    expect(await axeFindings(page)).toEqual([]);
    expect(await isWide(page)).toBe(false);
    expect(mishaps).toEqual([]);
  });

  it.each([
    ['de', 'de-DE', 'Schritt 1'],
    ['es', 'es', 'Paso 1'],
    ['fr', 'fr-CA', 'Étape 1'],
    ['it', 'it', 'Passaggio 1'],
    ['nl', 'nl', 'Stap 1'],
    ['pt-BR', 'pt-BR', 'Etapa 1'],
    ['ja', 'ja', 'ステップ 1'],
  ])('speaks %s to those who have it, also at 320 px', async (tag, locale, step) => {
    api.state = { ...api.state, user: { ...api.state.user, locale } };
    const page = await open({ width: 320 });
    await page.getByRole('heading', { name: step }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe(tag);
    await page.locator('[aria-expanded]').last().click();
    await page.locator('[id="settings.programLabel"]').waitFor();
    expect(await isWide(page)).toBe(false);
    expect(mishaps).toEqual([]);
  });
});

/** What a screen reader reads of a field after its label. */
function describedBy(element: Element): string {
  const ids = element.getAttribute('aria-describedby')?.split(' ') ?? [];
  return ids.map((id) => document.getElementById(id)?.textContent ?? '').join(' ');
}
