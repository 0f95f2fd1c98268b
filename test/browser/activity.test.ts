import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { EventDetail, PauseView } from '../../src/catalog/activity-api.js';
import { type ActivityRoute, lastDays, newActivity, newEvent, newImport } from '../support/admin-activity.js';
import { doneChannel } from '../support/admin-api.js';
import { startAdminPages } from '../support/admin-pages.js';
import { axeFindings } from '../support/axe.js';

const BUSY = { code: 'INTERNAL', message: 'it is our fault.' };

const { api, mishaps, open } = await startAdminPages('/#activity', {
  timezoneId: 'Europe/Berlin',
});

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const dialog = (page: Page) => page.getByRole('dialog');
const row = (page: Page, order: number) => page.getByRole('row').filter({ hasText: `order ${order}` });
const openEvent = (page: Page, order: number) =>
  page.getByRole('button', { name: new RegExp(`order ${order}$`) }).click();
const asked = (route: ActivityRoute) => api.requests.filter((request) => request.route === route);
const bodies = (route: ActivityRoute) => asked(route).map(({ body }) => body);

async function choose(page: Page, filter: string, option: string): Promise<void> {
  await page.getByRole('combobox', { name: filter }).click();
  await page.getByRole('option', { name: option, exact: true }).click();
}

const isWide = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.documentElement.scrollWidth > innerWidth);

const pause = (reason: PauseView['reason'], more: Partial<PauseView> = {}): PauseView => ({
  channelId: 1,
  reason,
  since: '2025-11-03T08:00:00.000Z',
  until: '2025-11-03T10:00:00.000Z',
  failure: { code: 'ACCESS_TOKEN_REFUSED', message: 'Extole refused it.' },
  ...more,
});

/** A store with two storefronts, whose events have met all that may happen to them. */
function setUpStore(): void {
  api.state = {
    ...api.state,
    channels: [doneChannel(1, 'Brand Store'), doneChannel(2, 'Brand Outlet')],
  };
  api.activity.answer = newActivity({
    waiting: 12,
    dead: 3,
    days: lastDays({ delivered: 40, waiting: 12, dead: 3, oldestWaitingSeconds: 7_200 }),
    ordersToLookAt: 4,
    lookFailure: { code: 'BIGCOMMERCE_UNAVAILABLE', message: 'BigCommerce did not answer.' },
    pauses: [pause('token-refused'), pause('rate-limited', { channelId: 2 })],
    wokenWebhooks: [{ scope: 'store/order/*', wokenAt: '2025-11-03T08:00:00.000Z' }],
    sweep: {
      ordersSince: '2025-11-01T12:00:00.000Z',
      sweptAt: '2025-11-03T08:45:00.000Z',
      lastFound: 3,
      totalFound: 17,
    },
    import: newImport({ found: 1_234 }),
  });
  api.activity.events = [
    newEvent(1012, {
      state: 'waiting',
      deliveredAt: null,
      nextAttemptAt: '2025-11-03T10:00:00.000Z',
      attemptCount: 4,
      failure: { code: 'EXTOLE_TIMEOUT', message: 'Extole did not answer within 15 seconds.' },
    }),
    newEvent(1011, {
      kind: 'partially_refunded',
      state: 'dead',
      deliveredAt: null,
      channelId: 2,
      failure: { code: 'invalid_event', message: 'The value of refund_amount is missing.' },
    }),
    newEvent(1010, { kind: 'fulfilled' }),
    newEvent(1009, { kind: 'canceled', state: 'erased', deliveredAt: null, hasPayload: false }),
  ];
  api.activity.erasures = [
    {
      id: '1',
      by: 'customer-id',
      erasedAt: '2025-11-03T08:00:00.000Z',
      askedBy: 'jane@brand.example',
      events: 4,
    },
  ];
}

const ATTEMPTS: EventDetail['attempts'] = [
  {
    number: 2,
    startedAt: '2025-11-03T09:00:00.000Z',
    durationMs: 321,
    status: 400,
    outcome: 'refused',
    failure: { code: 'invalid_event', message: 'The value of refund_amount is missing.' },
  },
  {
    number: 1,
    startedAt: '2025-11-03T08:00:00.000Z',
    durationMs: 15_000,
    status: null,
    outcome: 'retry',
    failure: { code: 'EXTOLE_TIMEOUT', message: 'Extole did not answer within 15 seconds.' },
  },
];

describe('the two pages, in Chromium,', () => {
  it('are a link apart, and what is typed into the settings survives the way there and back', async () => {
    const page = await open({ path: '/' });
    const scripts: string[] = [];
    page.on('request', (request) => scripts.push(request.url()));
    await page.getByLabel('Branded Program Domain').fill('share.brand.com');
    await page.locator('#accessToken').fill('tok-typed');
    expect(scripts.filter((url) => url.includes('activity-page'))).toEqual([]);
    expect(await page.getByRole('link', { name: /^Settings/ }).getAttribute('aria-current')).toBe('page');

    await page.getByRole('link', { name: 'Activity' }).click();
    await page.getByRole('heading', { name: 'Activity' }).waitFor();
    expect(await page.getByLabel('Branded Program Domain').isVisible()).toBe(false);
    expect(await page.getByRole('link', { name: 'Activity' }).getAttribute('aria-current')).toBe('page');
    expect(await page.getByRole('main').count()).toBe(1);

    await page.getByRole('link', { name: 'Settings (unsaved changes)' }).click();
    expect(await page.getByLabel('Branded Program Domain').inputValue()).toBe('share.brand.com');
    expect(await page.locator('#accessToken').inputValue()).toBe('tok-typed');
    await page.goBack();
    await page.getByRole('heading', { name: 'Activity' }).waitFor();
    expect(mishaps).toEqual([]);
  });

  it('do not hide a question behind each other', async () => {
    api.state = { ...api.state, channels: [doneChannel(1, 'Brand Store')] };
    const letGo = api.hold('save');
    const page = await open({ path: '/' });
    await page.getByLabel('Branded Program Domain').fill('mine.brand.com');
    api.saveAsAnother(1, (channel) => ({
      ...channel,
      settings: { ...channel.settings, programDomain: 'theirs.brand.com' },
    }));
    await button(page, 'Save changes').click();
    await page.getByRole('link', { name: 'Activity' }).click();
    letGo();
    await button(page, 'Send a test event').click();
    await expect.poll(() => asked('test').length).toBe(1);
    await page.getByRole('link', { name: /^Settings/ }).click();
    await dialog(page).getByText('Theirs: theirs.brand.com').waitFor();
  });
});

describe('how things stand', () => {
  it('is calm when all is delivered, and says what will be here', async () => {
    const page = await open();
    await page.getByText('All delivered. Nothing waits').waitFor();
    await page.getByText('Nothing was told yet.').waitFor();
    await page.getByText('What was sent is kept for 30 days.').waitFor();
    expect(await page.getByRole('table').count()).toBe(0);
    expect(await page.getByRole('img').count()).toBe(0);
  });

  it('says in words what waits, why, and what to do', async () => {
    setUpStore();
    const page = await open();
    for (const sentence of [
      '3 events could not be delivered.',
      'Extole no longer takes the access token of Brand Store. Paste a new one in Step 1.',
      'Extole takes no more events of Brand Outlet at the moment. It goes on by itself: Nov 3, 2025, 11:00',
      '12 events wait, and none is lost.',
      '4 orders are still to be looked at. The last look failed: BigCommerce did not answer.',
      'Found 3 orders that no webhook told of. In all, 17 orders were found so.',
    ]) {
      await page.getByText(sentence).waitFor();
    }
    expect(await page.getByText('All delivered').count()).toBe(0);
    await button(page, 'Webhooks that were switched on again (1)').click();
    await page.getByText('store/order/*, Nov 3, 2025, 9:00').waitFor();
    await page.getByRole('link', { name: 'Go to Step 1' }).click();
    await page.getByText('Step 1: Configure Extole').waitFor();
  });

  it('says that a storefront has no token', async () => {
    api.activity.answer = newActivity({ waiting: 1, pauses: [pause('no-token')] });
    const page = await open();
    await page.getByText('Brand Store has no Extole access token. Paste one in Step 1.').waitFor();
    await page.getByText('One event waits, and none is lost.').waitFor();
  });

  it('leads to what needs attention', async () => {
    setUpStore();
    const page = await open();
    await button(page, 'Show what needs attention').click();
    await expect.poll(() => page.getByRole('button', { name: /order \d+$/ }).count()).toBe(1);
    await row(page, 1011).waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('events');
  });

  it('is drawn by day, and stands in a table too', async () => {
    setUpStore();
    const page = await open();
    await page.getByRole('img', { name: '40 delivered, 12 waiting, 3 need attention.' }).waitFor();
    await page.getByRole('img', { name: 'At most 2 hours.' }).waitFor();
    await button(page, 'Show as a table').click();
    const table = page.getByRole('table').first();
    expect(await table.getByRole('row').count()).toBe(15);
    expect(await table.getByRole('row').last().innerText()).toMatch(/^Nov 3\s+40\s+12\s+3\s+2 hours$/);
  });

  it('says why it can not be told, and is asked for again', async () => {
    setUpStore();
    const unknown = { code: 'STORE_UNKNOWN', message: 'the store is not known.' };
    // The settings ask for it as well.
    api.failNext('activity', 404, unknown);
    const page = await open({ path: '/' });
    await expect.poll(() => asked('activity').length).toBe(1);
    api.failNext('activity', 404, unknown);
    await page.getByRole('link', { name: 'Activity' }).click();
    await page.getByText('How things stand could not be asked for. The store is not known.').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await button(page, 'Refresh').click();
    await page.getByText('12 events wait').waitFor();
    expect(await page.getByText('could not be asked for').count()).toBe(0);
    // What was known stays, beside why it is not news.
    api.failNext('activity', 404, unknown);
    await button(page, 'Refresh').click();
    await page.getByText('How things stand could not be asked for.').waitFor();
    expect(await page.getByText('12 events wait').count()).toBe(1);
  });
});

describe('the page', () => {
  it('asks anew within five seconds while something waits, and no more when nothing does', async () => {
    const waiting = newEvent(7, { state: 'waiting', deliveredAt: null });
    api.activity.answer = newActivity({ waiting: 1 });
    api.activity.events = [waiting];
    const page = await open();
    await row(page, 7).getByText('Waiting').waitFor();
    await page.clock.install();
    await page.reload();
    await row(page, 7).getByText('Waiting').waitFor();
    api.activity.answer = newActivity();
    api.activity.events = [newEvent(7)];
    await page.clock.runFor(5_100);
    await row(page, 7).getByText('Delivered').waitFor();
    await page.getByText('All delivered.').waitFor();
    await page.waitForLoadState('networkidle');
    const after = api.requests.length;
    await page.clock.runFor(60_000);
    expect(api.requests.slice(after).filter(({ route }) => route !== 'session')).toEqual([]);
  });

  it('asks for nothing while nobody can see it', async () => {
    api.activity.answer = newActivity({ waiting: 1 });
    const page = await open();
    await page.getByText('on the way to Extole').waitFor();
    await page.clock.install();
    await page.reload();
    await page.getByText('on the way to Extole').waitFor();
    await page.evaluate(() => {
      Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await page.waitForLoadState('networkidle');
    const before = asked('activity').length;
    await page.clock.runFor(30_000);
    expect(asked('activity')).toHaveLength(before);
  });
});

describe('the list of events', () => {
  it('has each with its state, what it tells of, storefront, time, attempts and next try', async () => {
    setUpStore();
    const page = await open();
    const cells = (order: number) => row(page, order).getByRole('cell').allInnerTexts();
    await row(page, 1012).waitFor();
    const [state, title, ...others] = await cells(1012);
    expect(state?.toLowerCase()).toBe('waiting');
    expect(title).toContain('Order created, order 1012');
    expect(title).toContain('Extole did not answer in time.');
    expect(others.map((one) => one.replace(/\s/g, ' '))).toEqual([
      'Brand Store',
      'Nov 3, 2025, 10:00 AM',
      '4',
      'Nov 3, 2025, 11:00 AM',
    ]);
    expect((await cells(1011)).join(' ')).toContain('The value of refund_amount is missing.');
  });

  it.each([
    ['State', 'Needs attention', { state: 'dead' }],
    ['Event', 'Order fulfilled', { kind: 'fulfilled' }],
    ['Storefront', 'Brand Outlet', { channelId: '2' }],
  ])('is filtered by %s', async (filter, option, query) => {
    setUpStore();
    const page = await open();
    await row(page, 1012).waitFor();
    const filters = page.getByRole('group', { name: 'Which events are shown' });
    await filters.getByRole('combobox', { name: filter }).click();
    await page.getByRole('option', { name: option, exact: true }).click();
    await page.getByText('One event is shown.').waitFor();
    expect(asked('events').at(-1)?.query).toEqual(query);
    await button(page, 'Clear filters').click();
    await page.getByText('4 events are shown.').waitFor();
  });

  it('is filtered by days', async () => {
    api.activity.events = [
      newEvent(2, { createdAt: new Date(Date.now() - 6 * 86_400_000).toISOString() }),
      newEvent(1, { createdAt: new Date(Date.now() - 8 * 86_400_000).toISOString() }),
    ];
    const page = await open();
    await choose(page, 'Found in', 'The last 7 days');
    await page.getByText('One event is shown.').waitFor();
    await row(page, 2).waitFor();
    await choose(page, 'Found in', 'The last 24 hours');
    await page.getByText('No event is shown.').waitFor();
    await choose(page, 'Found in', 'Any time');
    await page.getByText('2 events are shown.').waitFor();
  });

  it('is searched by an order’s number', async () => {
    setUpStore();
    const page = await open();
    const search = page.getByRole('textbox', { name: 'Order number' });
    await search.fill('#1010');
    await search.press('Enter');
    await page.getByText('Enter the number of an order: digits only.').waitFor();
    await search.fill('1010');
    await button(page, 'Search').click();
    await page.getByText('One event is shown.').waitFor();
    await row(page, 1010).waitFor();
    await search.fill('');
    await search.press('Enter');
    await page.getByText('4 events are shown.').waitFor();
  });

  it('goes on where it ended', async () => {
    api.activity.events = [5, 4, 3, 2, 1].map((order) => newEvent(order));
    api.activity.pageSize = 2;
    const page = await open();
    await page.getByText('2 events are shown; there are more.').waitFor();
    await button(page, 'Load more').click();
    await page.getByText('4 events are shown; there are more.').waitFor();
    await button(page, 'Load more').click();
    await page.getByText('5 events are shown.').waitFor();
    expect(await button(page, 'Load more').count()).toBe(0);
  });

  it('says why it can not be shown', async () => {
    setUpStore();
    api.failNext('events', 422, { code: 'CURSOR_INVALID', message: 'the list does not go on from there.' });
    const page = await open();
    await page.getByText('The events could not be asked for. The list does not go on from there.').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await button(page, 'Refresh').click();
    await row(page, 1012).waitFor();
  });

  it('is saved as a file of what the filters name', async () => {
    setUpStore();
    const page = await open();
    await row(page, 1012).waitFor();
    await choose(page, 'State', 'Delivered');
    await page.getByText('One event is shown.').waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      button(page, 'Export as CSV').click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^extole-events-\d{4}-\d{2}-\d{2}\.csv$/);
    expect(await readFile(await download.path(), 'utf8')).toBe(
      'order_id,kind,state\r\n1010,fulfilled,delivered',
    );
    api.failNext('csv', 500, BUSY);
    await button(page, 'Export as CSV').click();
    await page.getByText('The file could not be made. It is our fault.').waitFor();
    expect(mishaps).toEqual([]);
  });
});

describe('an event', () => {
  it('shows what is sent, masked until it is asked for, and each attempt in Extole’s words', async () => {
    setUpStore();
    api.activity.changes = [{ attempts: ATTEMPTS }];
    const page = await open();
    await openEvent(page, 1011);
    const shown = dialog(page);
    await shown.getByText('"email": "s••••@m•••"').waitFor();
    expect(await page.content()).not.toContain('shopper@mail.example');
    await shown.getByText('invalid_event: The value of refund_amount is missing.').waitFor();
    await shown.getByText('EXTOLE_TIMEOUT: Extole did not answer within 15 seconds.').waitFor();
    const attempts = await shown.getByRole('listitem').allInnerTexts();
    expect(attempts[0]).toMatch(/Attempt 2.*321 ms · HTTP status 400/s);
    expect(attempts[1]).toMatch(/Attempt 1.*15 sec · No answer/s);
    expect(asked('reveal')).toEqual([]);
    await shown.getByText('Who has it shown is recorded.').waitFor();

    await shown.getByRole('button', { name: 'Show personal data' }).click();
    await shown.getByText('"email": "shopper@mail.example"').waitFor();
    await shown.getByText('it was recorded that you had it shown').waitFor();
    expect(asked('reveal')).toHaveLength(1);
    await page.keyboard.press('Escape');
    await shown.waitFor({ state: 'detached' });
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('order 1011');

    // It is masked again.
    await openEvent(page, 1011);
    await shown.getByText('"email": "s••••@m•••"').waitFor();
    expect(asked('reveal')).toHaveLength(1);
    expect(mishaps).toEqual([]);
  });

  it('says why personal data can not be shown, and shows it at the next try', async () => {
    setUpStore();
    const page = await open();
    await openEvent(page, 1010);
    api.failNext('reveal', 404, { code: 'EVENT_UNKNOWN', message: 'there is none.' });
    await dialog(page).getByRole('button', { name: 'Show personal data' }).click();
    await dialog(page).getByText('The event can’t be shown. It is not there any more.').waitFor();
    await dialog(page).getByRole('button', { name: 'Show personal data' }).click();
    await dialog(page).getByText('shopper@mail.example').waitFor();
  });

  it('whose payload was erased says so, and can not be replayed', async () => {
    setUpStore();
    const page = await open();
    await openEvent(page, 1009);
    await dialog(page).getByText('What it was to tell was erased.').waitFor();
    await dialog(page).getByText('It was not tried yet.').waitFor();
    expect(await dialog(page).getByRole('button', { name: 'Replay' }).count()).toBe(0);
    await dialog(page).getByRole('button', { name: 'Close' }).click();
    expect(await dialog(page).count()).toBe(0);
  });

  it('whose payload is forgotten says so', async () => {
    api.activity.events = [newEvent(5, { hasPayload: false })];
    const page = await open();
    await openEvent(page, 5);
    await dialog(page).getByText('What was sent is no longer kept.').waitFor();
  });

  it('that is gone says so', async () => {
    setUpStore();
    api.failNext('event', 404, { code: 'EVENT_UNKNOWN', message: 'there is none.' });
    const page = await open();
    await openEvent(page, 1010);
    await dialog(page).getByText('The event can’t be shown. It is not there any more.').waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });

  it('is replayed', async () => {
    setUpStore();
    const page = await open();
    await openEvent(page, 1011);
    await dialog(page).getByRole('button', { name: 'Replay' }).click();
    await dialog(page).getByText('One event is delivered once more.').waitFor();
    await dialog(page).getByText('Waiting').waitFor();
    expect(bodies('replay')).toEqual([{ ids: [newEvent(1011).id] }]);
    api.failNext('replay', 500, BUSY);
    await dialog(page).getByRole('button', { name: 'Replay' }).click();
    await dialog(page).getByText('Nothing was replayed. It is our fault.').waitFor();
    await page.keyboard.press('Escape');
    await row(page, 1011).getByText('Waiting').waitFor();
  });

  it('keeps the focus within it', async () => {
    setUpStore();
    const page = await open();
    await openEvent(page, 1010);
    await dialog(page).getByText('What is sent').waitFor();
    for (let press = 0; press < 8; press += 1) {
      await page.keyboard.press('Tab');
      const isWithin = await page.evaluate(() => {
        const { activeElement } = document;
        // Between the last and the first, browsers have the focus on their own.
        return activeElement === document.body || activeElement?.closest('dialog') !== null;
      });
      expect(isWithin).toBe(true);
    }
  });
});

describe('a replay', () => {
  it('of what the filters show asks first, and says how many that is', async () => {
    setUpStore();
    const page = await open();
    await row(page, 1012).waitFor();
    await button(page, 'Replay what is shown').click();
    await dialog(page).getByText('4 events are sent to Extole once more.').waitFor();
    await dialog(page).getByRole('button', { name: 'Cancel' }).click();
    expect(asked('replay')).toEqual([]);
    await choose(page, 'State', 'Needs attention');
    await page.getByText('One event is shown.').waitFor();
    await button(page, 'Replay what is shown').click();
    await dialog(page).getByText('One event is sent to Extole once more.').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await dialog(page).getByRole('button', { name: 'Replay' }).click();
    await expect.poll(() => bodies('replay')).toEqual([{ filter: { state: 'dead' } }]);
    // The filters show nothing any more.
    await page.getByText('One event is delivered once more.').waitFor();
    expect(await button(page, 'Replay what is shown').count()).toBe(0);
  });

  it('says how many can not be replayed', async () => {
    setUpStore();
    const page = await open();
    await button(page, 'Replay what is shown').click();
    await dialog(page).getByRole('button', { name: 'Replay' }).click();
    await page.getByText('3 events are delivered once more.').waitFor();
    await page.getByText('One event can’t be replayed').waitFor();
  });

  it('of more than is loaded says so', async () => {
    api.activity.events = [3, 2, 1].map((order) => newEvent(order));
    api.activity.pageSize = 2;
    const page = await open();
    await button(page, 'Replay what is shown').click();
    await dialog(page).getByText('More than 2 events are sent to Extole once more').waitFor();
  });

  it('of all since a time asks for a time of the past', async () => {
    setUpStore();
    const page = await open();
    await button(page, 'Replay since a time').click();
    await dialog(page).getByRole('button', { name: 'Replay' }).click();
    await dialog(page).getByText('Choose a day and a time in the past.').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await dialog(page).getByLabel('Since').fill('2025-11-03T09:30');
    await dialog(page).getByRole('button', { name: 'Replay' }).click();
    // The user is in Berlin.
    await expect.poll(() => bodies('replay')).toEqual([{ filter: { since: '2025-11-03T08:30:00.000Z' } }]);
  });

  it('that fails says why', async () => {
    setUpStore();
    api.failNext('replay', 500, BUSY);
    const page = await open();
    await button(page, 'Replay what is shown').click();
    await dialog(page).getByRole('button', { name: 'Replay' }).click();
    await page.getByText('Nothing was replayed. It is our fault.').waitFor();
  });
});

describe('a test event', () => {
  const outcome = (page: Page) => page.getByTestId('test-event');

  it('is followed until Extole has it', async () => {
    setUpStore();
    const page = await open();
    await page.getByText('Test event', { exact: true }).waitFor();
    await page.clock.install();
    api.activity.changes = [{ state: 'waiting' }, { state: 'delivered' }];
    await page.getByRole('combobox', { name: 'Storefront' }).last().click();
    await page.getByRole('option', { name: 'Brand Outlet' }).last().click();
    await button(page, 'Send a test event').click();
    await outcome(page).getByText('The test event is on its way to Extole…').waitFor();
    expect(bodies('test')).toEqual([{ channelId: 2 }]);
    await page.clock.runFor(5_100);
    await outcome(page).getByText('Extole has the test event.').waitFor();
    const after = asked('event').length;
    await page.clock.runFor(20_000);
    expect(asked('event').length - after).toBeLessThanOrEqual(1);
  });

  it.each([
    [
      'waiting',
      'EXTOLE_UNREACHABLE',
      'The test event did not arrive yet. Extole could not be reached. It is tried again',
    ],
    ['dead', 'forbidden', 'The test event did not arrive. The words of Extole.'],
  ] as const)('that is %s says why', async (state, code, sentence) => {
    const page = await open();
    const failure = { code, message: 'The words of Extole.' };
    api.activity.changes = [{ state, attemptCount: 1, failure }];
    await button(page, 'Send a test event').click();
    await outcome(page).getByText(sentence).waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });

  it('that can not be sent says what to do', async () => {
    api.failNext('test', 409, { code: 'ACCESS_TOKEN_MISSING', message: 'there is none.' });
    const page = await open();
    await button(page, 'Send a test event').click();
    await outcome(page).getByText('could not be sent. This storefront has no Extole access token.').waitFor();
  });
});

describe('earlier orders', () => {
  it('are imported when it is asked twice, and it shows how many were found', async () => {
    const page = await open();
    await page.getByText('orders that were placed since Nov 1, 2025').waitFor();
    await button(page, 'Import orders').click();
    await page.getByText('Choose a day in the past.').waitFor();
    await page.getByLabel('Orders placed since').fill('2025-10-01');
    await button(page, 'Import orders').click();
    await dialog(page).getByText('all orders that were placed since Oct 1, 2025').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    expect(asked('import')).toEqual([]);
    await button(page, 'Import orders').click();
    await dialog(page).getByRole('button', { name: 'Import orders' }).click();
    await page.getByText('placed since Oct 1, 2025 are being looked for. Found so far: 0').waitFor();
    // The user is in Berlin.
    expect(bodies('import')).toEqual([{ since: '2025-09-30T22:00:00.000Z' }]);
    expect(await button(page, 'Import orders').isDisabled()).toBe(true);

    api.activity.answer = newActivity({ import: newImport({ state: 'done', found: 1_234 }) });
    await button(page, 'Refresh').click();
    await page.getByText('Found: 1,234').waitFor();
    expect(await button(page, 'Import orders').isDisabled()).toBe(false);
  });

  it('whose import failed say why', async () => {
    const failure = { code: 'BIGCOMMERCE_UNAVAILABLE', message: '…' };
    api.activity.answer = newActivity({ import: newImport({ state: 'failed', failure }) });
    const page = await open();
    await page.getByText('2025 failed. BigCommerce did not answer. Try again later.').waitFor();
  });

  it('are not imported twice at once', async () => {
    api.failNext('import', 409, { code: 'IMPORT_RUNNING', message: 'one runs.' });
    const page = await open();
    await page.getByLabel('Orders placed since').fill('2025-10-01');
    await button(page, 'Import orders').click();
    await dialog(page).getByRole('button', { name: 'Import orders' }).click();
    await page.getByText('The import was not started. An import is running already.').waitFor();
  });
});

describe('an erasure', () => {
  it.each([
    [
      'Email',
      'shopper@',
      'Enter an email address.',
      ' shopper@mail.example ',
      { email: 'shopper@mail.example' },
    ],
    ['Customer ID', '0', 'Enter the customer’s ID', '42', { customerId: 42 }],
  ] as const)('by %s asks first, and is on record', async (way, wrong, issue, right, body) => {
    const page = await open();
    await page.getByText('Nothing was erased so far.').waitFor();
    await page.getByText(way, { exact: true }).first().click();
    const whom = page.getByRole('textbox', { name: way });
    await whom.fill(wrong);
    await button(page, 'Erase').click();
    await page.getByText(issue).waitFor();
    expect(await whom.getAttribute('aria-invalid')).toBe('true');
    await whom.fill(right);
    await button(page, 'Erase').click();
    await dialog(page).getByText(`All that is kept here of ${right.trim()} is erased.`).waitFor();
    await dialog(page).getByRole('button', { name: 'Cancel' }).click();
    expect(asked('erase')).toEqual([]);
    await button(page, 'Erase').click();
    expect(await axeFindings(page)).toEqual([]);
    await dialog(page).getByRole('button', { name: 'Erase' }).click();
    await page.getByText('Erased. 2 events held something of that person.').waitFor();
    expect(bodies('erase')).toEqual([body]);
    await page.getByText('asked for by merchant@brand.example').waitFor();
    expect(await page.content()).not.toContain(right.trim() === '42' ? 'of 42' : right.trim());
  });

  it('that fails says why, and keeps what was typed', async () => {
    api.failNext('erase', 500, BUSY);
    const page = await open();
    await page.getByRole('textbox', { name: 'Email' }).fill('shopper@mail.example');
    await button(page, 'Erase').click();
    await dialog(page).getByRole('button', { name: 'Erase' }).click();
    await page.getByText('Nothing was erased. It is our fault.').waitFor();
    expect(await page.getByRole('textbox', { name: 'Email' }).inputValue()).toBe('shopper@mail.example');
  });

  it('of the past can not always be listed', async () => {
    api.failNext('erasures', 404, { code: 'STORE_UNKNOWN', message: 'the store is not known.' });
    const page = await open();
    await page.getByText('The past erasures could not be asked for. The store is not known.').waitFor();
  });
});

describe('all of the activity', () => {
  it('works by keyboard', async () => {
    setUpStore();
    const page = await open({ path: '/' });
    const { keyboard } = page;
    await page.getByRole('link', { name: 'Activity' }).focus();
    await keyboard.press('Enter');
    await row(page, 1012).waitFor();
    await page.getByRole('combobox', { name: 'State' }).focus();
    await keyboard.press('ArrowDown');
    await keyboard.press('ArrowDown');
    await keyboard.press('ArrowDown');
    await keyboard.press('ArrowDown');
    await keyboard.press('Enter');
    await page.getByText('One event is shown.').waitFor();
    await page.getByRole('button', { name: /order \d+$/ }).press('Enter');
    await dialog(page).getByText('What is sent').waitFor();
    await dialog(page).getByRole('button', { name: 'Show personal data' }).press('Enter');
    await dialog(page).getByText('shopper@mail.example').waitFor();
    await keyboard.press('Escape');
    await dialog(page).waitFor({ state: 'detached' });
    expect(await page.evaluate(() => document.activeElement?.textContent)).toMatch(/order \d+/);
  });

  it.each([1_280, 320])('is without findings of axe, and not too wide, at %i px', async (width) => {
    const page = await open({ width });
    await page.getByText('Nothing was told yet.').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    expect(await isWide(page)).toBe(false);

    setUpStore();
    api.activity.changes = [{ attempts: ATTEMPTS }];
    await button(page, 'Refresh').click();
    await row(page, 1012).waitFor();
    await button(page, 'Show as a table').click();
    await button(page, 'Webhooks that were switched on again (1)').click();
    await page.mouse.move(1, 1);
    expect(await axeFindings(page)).toEqual([]);
    expect(await isWide(page)).toBe(false);

    await openEvent(page, 1011);
    await dialog(page).getByText('invalid_event').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    expect(await dialog(page).evaluate((box) => box.scrollWidth > box.clientWidth)).toBe(false);
    expect(mishaps).toEqual([]);
  });

  it('shows that it loads until the app has answered', async () => {
    setUpStore();
    const letGo = [api.hold('activity'), api.hold('events')];
    const page = await open();
    await page.getByRole('status', { name: 'Loading the events' }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    for (const release of letGo) release();
    await row(page, 1012).waitFor();
  });

  it('says so when its part of the page can not be loaded', async () => {
    const page = await open({ path: '/' });
    await page.getByText('Step 1').waitFor();
    await page.route('**/activity-page-*', (request) => request.abort());
    await page.getByRole('link', { name: 'Activity' }).click();
    await page.getByText('This page can’t be shown').waitFor();
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByText('Step 1: Configure').waitFor();
  });

  it.each([
    ['de', 'Aktivität', 'Alles zugestellt.'],
    ['es', 'Actividad', 'Todo entregado.'],
    ['fr', 'Activité', 'Tout est remis.'],
    ['it', 'Attività', 'Tutto consegnato.'],
    ['nl', 'Activiteit', 'Alles is bezorgd.'],
    ['pt-BR', 'Atividade', 'Tudo entregue.'],
    ['ja', 'アクティビティ', 'すべて配信済みです。'],
  ])('speaks %s to those who have it, also at 320 px', async (locale, title, calm) => {
    api.state = { ...api.state, user: { ...api.state.user, locale } };
    const page = await open({ width: 320 });
    await page.getByRole('heading', { name: title, exact: true }).waitFor();
    await page.getByText(calm).waitFor();
    setUpStore();
    await page.getByRole('main').getByRole('button').first().click();
    await page.getByText('1012').waitFor();
    expect(await isWide(page)).toBe(false);
    expect(mishaps).toEqual([]);
  });
});
