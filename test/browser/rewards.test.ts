import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { DEFAULT_REWARD_SETTINGS } from '../../src/catalog/rewards.js';
import type { RewardView } from '../../src/catalog/rewards-api.js';
import { doneChannel } from '../support/admin-api.js';
import { startAdminPages } from '../support/admin-pages.js';
import {
  doneRewardChannel,
  newPromotion,
  newReward,
  newRewardChannel,
  type RewardRoute,
  rewardCounts,
} from '../support/admin-rewards.js';
import { axeFindings } from '../support/axe.js';

const BUSY = { code: 'INTERNAL', message: 'it is our fault.' };

const { api, mishaps, open } = await startAdminPages('/#rewards', {
  timezoneId: 'Europe/Berlin',
});

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const dialog = (page: Page) => page.getByRole('dialog');
const row = (page: Page, rewardId: string) => page.getByRole('row').filter({ hasText: rewardId });
const promotion = (page: Page, name: string) => page.getByRole('group', { name, exact: true });
const enable = (page: Page) => page.getByRole('switch', { name: 'Enable / Disable Rewards' });
const asked = (route: RewardRoute) => api.requests.filter((request) => request.route === route);
const bodies = (route: RewardRoute) => asked(route).map(({ body }) => body);

async function choose(page: Page, label: string, option: string): Promise<void> {
  await page.getByRole('combobox', { name: label }).click();
  await page.getByRole('option', { name: option, exact: true }).click();
}

const isWide = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.documentElement.scrollWidth > innerWidth);

/** A store whose rewards run well, with two promotions and one reward. */
function setUpRewards(): void {
  api.rewards.answer = {
    channels: [doneRewardChannel(1)],
    counts: rewardCounts({ fulfilled: 1 }),
    waitingForSwitch: 0,
    unknownSupplier: 0,
    oldestWaitingAt: null,
    hasPromotionScope: true,
  };
  api.rewards.promotions = {
    promotions: [
      newPromotion(11, { name: 'Advocates', isUsed: true }),
      newPromotion(12, { name: 'Friends', isUsed: true, couponType: 'single' }),
    ],
    missing: [],
  };
  api.rewards.rewards = [newReward('7001')];
}

/** A store with three storefronts, whose rewards have met all that may happen to them. */
function setUpTroubles(): void {
  api.state = {
    ...api.state,
    channels: [
      doneChannel(1, 'Brand Store'),
      doneChannel(2, 'Brand Outlet', { sameAs: 1 }),
      doneChannel(3, 'Brand Pro'),
    ],
  };
  const settings = { ...DEFAULT_REWARD_SETTINGS, isEnabled: true };
  api.rewards.answer = {
    channels: [
      doneRewardChannel(1, {
        settings: {
          ...settings,
          suppliers: [{ supplierId: '7011', promotionId: 11 }],
          readyPromotionIds: [11],
        },
        pollFailure: { code: 'access_denied', message: 'Access denied.' },
      }),
      doneRewardChannel(2, { followsChannelId: 1 }),
      doneRewardChannel(3, {
        hasAccessToken: false,
        webhookKey: null,
        settings: { ...settings, usesPartnerSupplierIds: false },
      }),
    ],
    counts: rewardCounts({ waiting: 1, fulfilled: 1_234, failed: 2, canceled: 5, ignored: 1 }),
    waitingForSwitch: 0,
    unknownSupplier: 1,
    oldestWaitingAt: new Date(Date.now() - 3 * 3_600_000 - 60_000).toISOString(),
    hasPromotionScope: true,
  };
  api.rewards.promotions = {
    promotions: [
      newPromotion(11, {
        name: 'Advocates',
        isUsed: true,
        maxUses: 100,
        currentUses: 93,
        openCodes: 12,
        ready: { count: 18, target: 20 },
        warnings: [
          { kind: 'few-uses-left', maxUses: 100, currentUses: 93, openCodes: 12 },
          { kind: 'other-storefronts', channelIds: [2, 3] },
          { kind: 'ends-soon', endsAt: '2025-11-09T12:00:00.000Z' },
          { kind: 'shared', supplierIds: ['7011', '7012'] },
        ],
        endsAt: '2025-11-09T12:00:00.000Z',
      }),
      newPromotion(12, { name: 'Friends', couponType: 'single', status: 'disabled', problem: 'disabled' }),
      newPromotion(13, { name: 'Ended', problem: 'ended', endsAt: '2025-08-31T12:00:00.000Z' }),
      newPromotion(14, { name: 'Used up', problem: 'used-up', maxUses: 1, currentUses: 1 }),
      newPromotion(15, { name: 'Broken', problem: 'invalid', status: 'invalid' }),
      newPromotion(16, {
        name: 'Tomorrow',
        warnings: [{ kind: 'not-started', startsAt: '2025-11-04T12:00:00.000Z' }, { kind: 'not-bulk' }],
      }),
      newPromotion(17, { name: 'One more' }),
      newPromotion(20, { name: 'Free shipping', couponType: null, problem: 'not-coupon' }),
    ],
    missing: [99],
  };
  const none = { code: null, codeState: null, fulfilledAt: null } as const;
  api.rewards.rewards = [
    newReward('7005', {
      ...none,
      state: 'waiting',
      nextAttemptAt: '2025-11-03T10:00:00.000Z',
      failure: { code: 'BIGCOMMERCE_UNAVAILABLE', message: '…' },
    }),
    newReward('7004', {
      ...none,
      state: 'failed',
      promotionId: 13,
      failure: { code: 'PROMOTION_UNUSABLE', message: '…' },
    }),
    newReward('7003', { channelId: 3 }),
    newReward('7002', { state: 'canceled', codeState: 'deleted' }),
    newReward('7001', {
      ...none,
      state: 'ignored',
      supplierId: '9009',
      promotionId: null,
      failure: { code: 'REWARD_SUPPLIER_UNKNOWN', message: '…' },
    }),
  ];
}

/** A reward that was to be tried then. */
const waitingSince = (nextAttemptAt: string): RewardView =>
  newReward('7001', {
    state: 'waiting',
    code: null,
    codeState: null,
    fulfilledAt: null,
    nextAttemptAt,
    failure: { code: 'BIGCOMMERCE_UNAVAILABLE', message: '…' },
  });

/** More than the page has that the focus can go to. */
const MOST_TABS = 150;

/** Goes there from where the focus is, by the Tab key alone. */
async function tabTo(goal: Locator): Promise<void> {
  const isThere = () => goal.evaluate((element) => element === document.activeElement);
  for (let presses = 0; presses < MOST_TABS; presses += 1) {
    if (await isThere()) return;
    await goal.page().keyboard.press('Tab');
  }
  throw new Error('the Tab key does not lead there');
}

const focusedText = (page: Page): Promise<string | null | undefined> =>
  page.evaluate(() => document.activeElement?.textContent);

describe('the way to the rewards, in Chromium,', () => {
  it('is a link in Step 3 of the settings, and nothing of them is loaded before', async () => {
    setUpRewards();
    const scripts: string[] = [];
    const page = await open({ path: '/' });
    page.on('request', (request) => scripts.push(request.url()));
    await page.getByText('Step 3: Rewards').waitFor();
    await page.waitForLoadState('networkidle');
    expect(scripts.filter((url) => url.includes('rewards-page'))).toEqual([]);
    expect(api.requests.filter(({ route }) => route === 'rewards')).toEqual([]);

    await page.getByRole('link', { name: 'Open Rewards' }).click();
    await page.getByRole('heading', { name: 'Rewards', exact: true }).waitFor();
    expect(await page.getByRole('link', { name: 'Rewards', exact: true }).getAttribute('aria-current')).toBe(
      'page',
    );
    expect(await page.getByRole('main').count()).toBe(1);
    await page.goBack();
    expect(await page.getByText('Step 3: Rewards').isVisible()).toBe(true);
    expect(mishaps).toEqual([]);
  });

  it('shows that it loads, and why it can not', async () => {
    setUpRewards();
    const letGo = api.hold('rewards');
    const page = await open();
    await page.getByRole('status', { name: 'Loading the rewards' }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    api.failNext('rewards', 404, { code: 'STORE_UNKNOWN', message: 'the store is not known.' });
    letGo();
    await page.getByText('How things stand could not be asked for. The store is not known.').waitFor();
    await button(page, 'Refresh').click();
    await page.getByText('Nothing needs your attention.').waitFor();
    expect(await page.getByText('could not be asked for').count()).toBe(0);
  });

  it('ends where a store has no storefront', async () => {
    api.state = { ...api.state, channels: [] };
    api.rewards.answer = { ...api.rewards.answer, channels: [] };
    const page = await open();
    await page.getByRole('main').getByText('This store has no storefront that Extole').waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });
});

describe('how rewards stand', () => {
  it('is said in words, with what to do', async () => {
    setUpTroubles();
    const page = await open();
    for (const sentence of [
      'Extole could not be asked for the rewards of Brand Store. Extole does not let the access token work with rewards.',
      'Brand Pro has no Extole access token, so none of its rewards gets a code.',
      'Brand Pro has no Client Key, so Extole’s reward webhooks can’t be told from forged ones',
      'Nothing says which promotion the rewards of Brand Pro come from',
      '2 rewards could not get a code.',
      'One reward is ignored, since no promotion belongs to its supplier.',
      'One reward waits for a code, the oldest for 3 hours.',
    ]) {
      await page.getByText(sentence).waitFor();
    }
    expect(await page.getByText('Nothing needs your attention').count()).toBe(0);
    await page.getByRole('link', { name: 'Go to Step 1' }).click();
    await page.getByText('Step 1: Configure Extole').waitFor();
  });

  it('is that rewards are switched off until somebody switches them on', async () => {
    const page = await open();
    await page.getByText('Rewards are switched off. Those that come in are kept').waitFor();
    await enable(page).click({ force: true });
    await button(page, 'Save changes').click();
    await page.getByText('Saved.').waitFor();
    expect(await page.getByText('Rewards are switched off.').count()).toBe(0);
  });

  it('is that a storefront is switched off, so that its rewards wait', async () => {
    setUpRewards();
    const off = doneRewardChannel(1, { isStorefrontEnabled: false });
    const counts = rewardCounts({ waiting: 1 });
    api.rewards.answer = { ...api.rewards.answer, channels: [off], counts, waitingForSwitch: 1 };
    api.rewards.rewards = [waitingSince('2025-11-03T10:00:00.000Z')];
    const page = await open();
    await page.getByText('Brand Store is switched off in Step 1, so its rewards wait.').waitFor();
    await row(page, '7001').getByText('Waits until the storefront is switched on in Step 1.').waitFor();
    expect(await page.getByText('Next try').count()).toBe(0);
    expect(await page.getByRole('button', { name: /^Try again: / }).count()).toBe(0);
    await page.getByRole('link', { name: 'Go to Step 1' }).click();
    await page.getByText('Step 1: Configure Extole').waitFor();
  });

  it('is that rewards wait for their switch, which each of them says', async () => {
    setUpRewards();
    const counts = rewardCounts({ waiting: 1 });
    api.rewards.answer = {
      ...api.rewards.answer,
      channels: [newRewardChannel(1)],
      counts,
      waitingForSwitch: 1,
    };
    api.rewards.rewards = [waitingSince('2025-11-03T10:00:00.000Z')];
    const page = await open();
    await row(page, '7001').getByText('Waits until rewards are switched on.').waitFor();
    expect(await page.getByText('Next try').count()).toBe(0);
    expect(await page.getByText('for a code, the oldest').count()).toBe(0);
  });

  it('is that promotions can not be seen, and then they are not asked for', async () => {
    api.rewards.answer = { ...api.rewards.answer, hasPromotionScope: false };
    const page = await open();
    await page.getByText('BigCommerce does not let Extole work with your store’s promotions yet.').waitFor();
    await page.getByText('Your store’s promotions show here once').waitFor();
    await page.waitForLoadState('networkidle');
    expect(asked('promotions')).toEqual([]);
  });

  it('leads to those that failed', async () => {
    setUpTroubles();
    const page = await open();
    await row(page, '7005').waitFor();
    await button(page, 'Show what needs attention').click();
    await page.getByText('One reward is shown.').waitFor();
    await row(page, '7004').waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('codes');
  });
});

describe('the promotions', () => {
  it('are told with what is wrong with them and what may become so', async () => {
    setUpTroubles();
    const page = await open();
    const says = (name: string, sentence: string) => promotion(page, name).getByText(sentence).waitFor();
    await says('Advocates', 'This promotion allows 100 uses in all; 93 are used. 12 codes are out');
    await says('Advocates', 'It holds only on these storefronts: Brand Outlet, Brand Pro.');
    await says('Advocates', 'It ends on Nov 9, 2025, 1:00');
    await says('Advocates', 'Several suppliers lead to it (7011, 7012).');
    await says('Friends', 'It is disabled. Its rewards wait until you enable it again');
    await says('Ended', 'It ended on Aug 31, 2025');
    await says('Used up', 'This promotion allows one use in all, and it is used, so its codes');
    await says('Broken', 'BigCommerce says that it is not valid.');
    await says('Tomorrow', 'It begins on Nov 4, 2025');
    await says('Tomorrow', 'No codes of it can be kept ready');
    await page.getByText('Rewards lead to promotion 99, which your store does not have any more.').waitFor();
    const facts = await promotion(page, 'Advocates').innerText();
    expect(facts.replace(/\s+/g, ' ')).toContain(
      'Promotion ID 11 Runs Nov 1, 2025 – Nov 9, 2025 Uses 93 of 100 Codes not used yet 12 Codes kept ready 18 of 20',
    );
    expect(facts.toLowerCase()).toContain('bulk codes');
  });

  it('are few at first, those that rewards come from among them', async () => {
    setUpTroubles();
    const page = await open();
    await promotion(page, 'Advocates').waitFor();
    expect(await promotion(page, 'One more').count()).toBe(0);
    await button(page, 'Show all 7 promotions with codes').click();
    await promotion(page, 'One more').waitFor();
    await button(page, 'Show fewer').click();
    expect(await promotion(page, 'One more').count()).toBe(0);
    await button(page, 'Promotions without codes (1)').click();
    await page.getByText('Free shipping (ID 20)').waitFor();
  });

  it('that are none say how to make one', async () => {
    const page = await open();
    await page.getByText('Your store has no promotion with coupon codes yet.').waitFor();
    await page.getByText('In BigCommerce, open Marketing → Promotions').waitFor();
    await page.getByText('Separate promotions for advocates and friends are recommended').waitFor();
    await button(page, 'How to make one').click();
    expect(await page.getByText('In BigCommerce, open Marketing → Promotions').count()).toBe(0);
  });

  it('that can not be asked for say why', async () => {
    setUpRewards();
    api.failNext('promotions', 422, { code: 'BIGCOMMERCE_REFUSED', message: 'BigCommerce refused it.' });
    const page = await open();
    await page.getByText('Your promotions could not be asked for. BigCommerce refused it.').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await button(page, 'Refresh').click();
    await promotion(page, 'Advocates').waitFor();
  });

  it('have an ID to copy', async () => {
    setUpRewards();
    const page = await open({ permissions: ['clipboard-read', 'clipboard-write'] });
    await promotion(page, 'Friends').getByRole('button', { name: 'Copy Promotion ID' }).click();
    await promotion(page, 'Friends').getByText('Copied.').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('12');
  });

  it('have an ID to copy also where the frame does not let the page write', async () => {
    setUpRewards();
    const page = await open({ permissions: ['clipboard-read'] });
    await page.evaluate(() => {
      navigator.clipboard.writeText = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
    });
    await promotion(page, 'Friends').getByRole('button', { name: 'Copy Promotion ID' }).click();
    await promotion(page, 'Friends').getByText('Copied.').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('12');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Copy Promotion ID');
    await page.evaluate(() => {
      document.execCommand = () => false;
    });
    await promotion(page, 'Advocates').getByRole('button', { name: 'Copy Promotion ID' }).click();
    await promotion(page, 'Advocates').getByText('It could not be copied. Select it').waitFor();
  });

  it('are tested with a code that is deleted again', async () => {
    setUpRewards();
    const page = await open();
    await page.getByText('“Test” makes one code under a promotion, and deletes it again').waitFor();
    await promotion(page, 'Advocates').getByRole('button', { name: 'Test' }).click();
    await promotion(page, 'Advocates').getByText('the code TEST-K7MR4XQ9 was made, and deleted').waitFor();
    expect(bodies('test-code')).toEqual([{ channelId: 1 }]);
    api.failNext('test-code', 422, { code: 'PROMOTION_UNUSABLE', message: 'promotion 12 has ended.' });
    await promotion(page, 'Friends').getByRole('button', { name: 'Test' }).click();
    await promotion(page, 'Friends').getByText('The test failed. Codes of its promotion are of no').waitFor();
    await page.mouse.move(1, 1);
    expect(await axeFindings(page)).toEqual([]);
  });

  it('with bulk codes have codes kept ready, once that is saved', async () => {
    setUpRewards();
    const page = await open();
    const ready = (name: string) => promotion(page, name).getByRole('switch', { name: 'Keep codes ready' });
    await promotion(page, 'Friends').waitFor();
    expect(await ready('Friends').count()).toBe(0);
    await ready('Advocates').focus();
    await page.keyboard.press('Space');
    await page.getByText('You have unsaved changes.').waitFor();
    expect(asked('save-rewards')).toEqual([]);
    await button(page, 'Save changes').click();
    await page.getByText('Saved.').waitFor();
    expect(bodies('save-rewards')).toEqual([
      { revision: 3, settings: { ...doneRewardChannel(1).settings, readyPromotionIds: [11] } },
    ]);
  });

  it('push nothing away that is shown already, when they come', async () => {
    setUpTroubles();
    const letGo = api.hold('promotions');
    const page = await open();
    await page.getByRole('status', { name: 'Loading the promotions' }).waitFor();
    const prefix = page.getByRole('textbox', { name: 'Prefix' });
    expect(await prefix.count()).toBe(0);
    expect(await page.getByRole('heading', { name: 'Issued codes' }).count()).toBe(0);
    letGo();
    await promotion(page, 'Advocates').waitFor();
    await row(page, '7005').waitFor();

    const place = () => prefix.evaluate((box) => box.getBoundingClientRect().top + scrollY);
    const letGoAgain = api.hold('promotions');
    await choose(page, 'Which storefront’s rewards do you want to see?', 'Brand Pro');
    await page.waitForFunction(() => !document.body.innerText.includes('These settings also count for'));
    expect(await promotion(page, 'Advocates').count()).toBe(1);
    const before = await place();
    letGoAgain();
    await expect.poll(() => asked('promotions').at(-1)?.query).toEqual({ channelId: '3' });
    await page.waitForLoadState('networkidle');
    expect(await place()).toBe(before);
  });

  it('that are gone have codes kept ready no more, when that is switched off', async () => {
    setUpTroubles();
    const [first, ...others] = api.rewards.answer.channels;
    if (first) {
      const settings = { ...first.settings, readyPromotionIds: [99] };
      api.rewards.answer = { ...api.rewards.answer, channels: [{ ...first, settings }, ...others] };
    }
    const page = await open();
    await page.getByText('Codes of promotion 99 are to be kept ready, but your store does not').waitFor();
    expect(await page.getByText('Rewards lead to promotion 99').count()).toBe(0);
    const ready = page.getByRole('switch', { name: 'Keep codes of promotion 99 ready' });
    await ready.focus();
    await page.keyboard.press('Space');
    await page.getByText('You have unsaved changes.').waitFor();
    expect(await ready.isChecked()).toBe(false);
    expect(await ready.evaluate((box) => box === document.activeElement)).toBe(true);
    await button(page, 'Save changes').click();
    await page.getByText('Saved.').waitFor();
    expect(await ready.count()).toBe(0);
  });
});

describe('the settings of rewards', () => {
  it('are saved as they were entered', async () => {
    setUpRewards();
    api.rewards.answer = { ...api.rewards.answer, channels: [newRewardChannel(1)] };
    const page = await open();
    await enable(page).click({ force: true });
    await page.getByRole('textbox', { name: 'Client Key' }).fill('a-client-key');
    await choose(page, 'How webhooks prove to be Extole’s', 'The key itself (Authorization: Bearer)');
    await page.getByText('Use the supplier’s own Promotion ID').click();
    await button(page, 'Add supplier').click();
    await page.getByRole('textbox', { name: 'Supplier ID 1' }).fill('7011');
    await choose(page, 'Promotion 1', 'Friends (ID 12)');
    await page.getByText('Fulfilled and sent', { exact: true }).click();
    await page.getByRole('textbox', { name: 'Prefix' }).fill('thanks-');
    await page.getByText('Pronounceable', { exact: true }).click();
    await page.getByText('Leave out look-alikes').click();
    await page.getByRole('textbox', { name: 'Uses of each code' }).fill('3');
    await page.getByRole('textbox', { name: 'Uses of a code by one customer' }).fill('2');
    await page.getByRole('textbox', { name: 'Codes kept ready, at least' }).fill('100');
    await page.getByRole('link', { name: 'Rewards (unsaved changes)' }).waitFor();
    await button(page, 'Save changes').click();
    await page.getByText('Saved.').waitFor();
    expect(bodies('save-rewards')).toEqual([
      {
        revision: 0,
        webhookKey: 'a-client-key',
        settings: {
          isEnabled: true,
          intake: 'webhook',
          webhookProof: 'bearer',
          usesPartnerSupplierIds: false,
          suppliers: [{ supplierId: '7011', promotionId: 12 }],
          told: 'fulfilled_and_sent',
          code: { prefix: 'THANKS-', pattern: 'pronounceable', length: 12, excludesLookAlikes: false },
          maxUses: 3,
          maxUsesPerCustomer: 2,
          readyPromotionIds: [],
          minReady: 100,
        },
      },
    ]);
    await page.getByText('Saved, ends in -key').waitFor();
    expect(await page.content()).not.toContain('a-client-key');
    expect(await page.getByRole('link', { name: 'Rewards', exact: true }).count()).toBe(1);
  });

  it('show a code as it will look while it is being set', async () => {
    setUpRewards();
    const page = await open();
    const example = page.getByTestId('code-example');
    await expect.poll(() => example.innerText()).toMatch(/^[A-Z0-9]{10}$/);
    await page.getByRole('textbox', { name: 'Prefix' }).fill('thanks-');
    await expect.poll(() => example.innerText()).toMatch(/^THANKS-[A-Z0-9]{10}$/);
    await choose(page, 'Length without the prefix', '8');
    await expect.poll(() => example.innerText()).toMatch(/^THANKS-[A-Z0-9]{8}$/);
    await page.getByText('Pronounceable', { exact: true }).click();
    await expect.poll(() => example.innerText()).toMatch(/^THANKS-([^AEIOU][AEIOU]){6}$/);
    expect(await page.getByTestId('bulk-code-example').innerText()).toMatch(/^THANKS-\w{8}-\w{6}$/);
  });

  it('have an address to copy, and need neither it nor a key where Extole is asked', async () => {
    setUpRewards();
    const page = await open({ permissions: ['clipboard-read', 'clipboard-write'] });
    await button(page, 'Copy address').click();
    await page.getByText('Copied.').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(newRewardChannel(1).webhookUrl);
    await page.getByText('The last webhook came on Nov 3, 2025, 10:00').waitFor();
    await page.getByText('By asking Extole every minute').click();
    expect(await button(page, 'Copy address').count()).toBe(0);
    expect(await page.getByText('Client Key', { exact: true }).count()).toBe(0);
    await page.getByText('Extole was last asked on Nov 3, 2025, 10:00').waitFor();
  });

  it('are not saved while something is wrong, which is said where it is', async () => {
    setUpRewards();
    const page = await open();
    await page.getByRole('textbox', { name: 'Prefix' }).fill('Ä');
    await page.getByRole('textbox', { name: 'Uses of each code' }).fill('0');
    for (const _row of [1, 2]) await button(page, 'Add supplier').click();
    for (const number of [1, 2]) {
      await page.getByRole('textbox', { name: `Supplier ID ${number}` }).fill('7011');
    }
    await choose(page, 'Promotion 1', 'Friends (ID 12)');
    await button(page, 'Save changes').click();
    await page.getByText('Not saved. 4 fields need your attention.').waitFor();
    await page.getByText('Use capital letters from A to Z').waitFor();
    await page.getByText('Enter a number from 1 to 1,000.').waitFor();
    await page.getByText('Choose a promotion for this supplier.').waitFor();
    expect(asked('save-rewards')).toEqual([]);
    expect(await axeFindings(page)).toEqual([]);

    await choose(page, 'Promotion 2', 'Advocates (ID 11)');
    await button(page, 'Save changes').click();
    await page.getByText('This supplier is in the table already.').waitFor();
    await button(page, 'Remove row 2').click();
    await page.getByRole('textbox', { name: 'Prefix' }).fill('');
    await page.getByRole('textbox', { name: 'Uses of each code' }).fill('1');
    await button(page, 'Save changes').click();
    await page.getByText('Saved.').waitFor();
  });

  it('put the focus into the first field that is wrong', async () => {
    setUpRewards();
    const page = await open();
    await page.getByRole('textbox', { name: 'Codes kept ready, at least' }).fill('many');
    await page.getByRole('textbox', { name: 'Prefix' }).fill('Ä');
    await button(page, 'Save changes').click();
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('rewards.code.prefix');
  });

  it('have what the app finds wrong said at its field', async () => {
    setUpRewards();
    api.failNext('save-rewards', 422, {
      code: 'INPUT_INVALID',
      message: 'it does not fit.',
      issues: [{ path: 'settings.code.prefix', message: 'The words of the app.' }],
    });
    const page = await open();
    await page.getByRole('textbox', { name: 'Prefix' }).fill('OK');
    await button(page, 'Save changes').click();
    await page.getByText('The words of the app.').waitFor();
    await page.getByText('One field needs your attention.').waitFor();
  });

  it('keep what was typed when saving fails, and when another page is looked at', async () => {
    setUpRewards();
    api.failNext('save-rewards', 500, BUSY);
    const page = await open();
    const prefix = page.getByRole('textbox', { name: 'Prefix' });
    await prefix.fill('KEEP-');
    await button(page, 'Save changes').click();
    await page.getByText('Not saved. It is our fault. Your changes are kept.').waitFor();
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByText('Step 3: Rewards').waitFor();
    await page.getByRole('link', { name: 'Rewards (unsaved changes)' }).click();
    expect(await prefix.inputValue()).toBe('KEEP-');
    await button(page, 'Discard').click();
    expect(await prefix.inputValue()).toBe('');
    expect(await button(page, 'Save changes').count()).toBe(0);
  });

  it('keep what was typed back while they were being saved', async () => {
    setUpRewards();
    const page = await open();
    const prefix = page.getByRole('textbox', { name: 'Prefix' });
    await prefix.fill('X-');
    const letGo = api.hold('save-rewards');
    await button(page, 'Save changes').click();
    await page.getByText('Saving').waitFor();
    await prefix.fill('');
    letGo();
    await page.getByText('You have unsaved changes.').waitFor();
    expect(await prefix.inputValue()).toBe('');
    await button(page, 'Save changes').click();
    await page.getByText('Saved.').waitFor();
    expect(api.rewards.answer.channels[0]?.settings.code.prefix).toBe('');
  });

  it('are saved without a key that is too short, once Extole is asked instead', async () => {
    setUpRewards();
    api.rewards.answer = { ...api.rewards.answer, channels: [newRewardChannel(1)] };
    const page = await open();
    await page.getByRole('textbox', { name: 'Client Key' }).fill('short');
    await button(page, 'Save changes').click();
    await page.getByText('One field needs your attention.').waitFor();
    await page.getByText('By asking Extole every minute').click();
    expect(await page.getByText('needs your attention').count()).toBe(0);
    await button(page, 'Save changes').click();
    await page.getByText('Saved.').waitFor();
    expect(bodies('save-rewards')).toMatchObject([{ settings: { intake: 'polling' } }]);
    expect(bodies('save-rewards')[0]).not.toHaveProperty('webhookKey');
  });

  it('are not left by accident while something is unsaved', async () => {
    setUpRewards();
    const page = await open();
    const warnings: string[] = [];
    page.on('dialog', (warning) => {
      warnings.push(warning.type());
      void warning.accept();
    });
    await page.getByRole('textbox', { name: 'Prefix' }).fill('KEEP-');
    await page.reload();
    expect(warnings).toEqual(['beforeunload']);
    await page.getByRole('textbox', { name: 'Prefix' }).waitFor();
    await page.reload();
    expect(warnings).toEqual(['beforeunload']);
  });

  it('can not be saved once the session is over, which is said', async () => {
    setUpRewards();
    const page = await open();
    await page.getByRole('textbox', { name: 'Prefix' }).fill('KEEP-');
    api.endSession();
    await button(page, 'Save changes').click();
    await page.getByText('What you changed on this page is not saved.').waitFor();
    expect(await button(page, 'Save changes').isDisabled()).toBe(true);
  });

  it('have their key replaced, kept and removed', async () => {
    setUpRewards();
    const page = await open();
    await page.getByText('Saved, ends in k3y9').waitFor();
    await button(page, 'Replace').click();
    await page.getByRole('textbox', { name: 'Client Key' }).fill('short');
    await button(page, 'Save changes').click();
    await page.getByText('Enter the whole Client Key: at least 8 characters').waitFor();
    await button(page, 'Keep the saved one').click();
    expect(await button(page, 'Save changes').count()).toBe(0);
    await button(page, 'Remove').click();
    await page.getByText('Will be removed when you save').waitFor();
    await button(page, 'Save changes').click();
    await page.getByText('Saved.').waitFor();
    expect(bodies('save-rewards').at(-1)).toHaveProperty('webhookKey', null);
    await page.getByText('Brand Store has no Client Key').waitFor();
  });
});

describe('two users who save the same rewards', () => {
  async function typeAndSave(page: Page): Promise<void> {
    await page.getByRole('textbox', { name: 'Prefix' }).fill('MINE-');
    await button(page, 'Save changes').click();
  }

  it('are not asked where they changed different things', async () => {
    setUpRewards();
    const page = await open();
    await page.getByRole('textbox', { name: 'Prefix' }).waitFor();
    api.saveRewardsAsAnother(1, (channel) => ({
      ...channel,
      settings: { ...channel.settings, maxUses: 5 },
    }));
    await typeAndSave(page);
    await page.getByText('Saved.').waitFor();
    expect(await page.getByRole('textbox', { name: 'Uses of each code' }).inputValue()).toBe('5');
    expect(api.rewards.answer.channels[0]?.settings).toMatchObject({ maxUses: 5, code: { prefix: 'MINE-' } });
  });

  it.each([
    ['Save mine', 'MINE-', 'Saved.'],
    ['Take theirs', 'THEIRS-', undefined],
  ])('are shown what both changed, and choose "%s"', async (choice, prefix, sign) => {
    setUpRewards();
    const page = await open();
    await page.getByRole('textbox', { name: 'Prefix' }).waitFor();
    api.saveRewardsAsAnother(1, (channel) => ({
      ...channel,
      settings: {
        ...channel.settings,
        maxUses: 5,
        code: { ...channel.settings.code, prefix: 'THEIRS-' },
      },
    }));
    await typeAndSave(page);
    await dialog(page).getByText('colleague@brand.example saved these settings').waitFor();
    await dialog(page).getByText('Yours: MINE-').waitFor();
    await dialog(page).getByText('Theirs: THEIRS-').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog(page).waitFor({ state: 'detached' });
    expect(await page.getByRole('textbox', { name: 'Prefix' }).inputValue()).toBe('MINE-');

    await button(page, 'Save changes').click();
    await dialog(page).getByRole('button', { name: choice }).click();
    await dialog(page).waitFor({ state: 'detached' });
    if (sign !== undefined) await page.getByText(sign).waitFor();
    await expect.poll(() => page.getByRole('textbox', { name: 'Prefix' }).inputValue()).toBe(prefix);
    await expect.poll(() => button(page, 'Save changes').count()).toBe(0);
    expect(await page.getByText('Saved.').count()).toBe(sign === undefined ? 0 : 1);
    expect(api.rewards.answer.channels[0]?.settings).toMatchObject({ maxUses: 5, code: { prefix } });
  });
});

describe('several storefronts', () => {
  it('have rewards of their own, and what is typed for one stays while another is looked at', async () => {
    setUpTroubles();
    const page = await open();
    await page.getByRole('main').getByText('These settings also count for: Brand Outlet').waitFor();
    await page.getByRole('textbox', { name: 'Prefix' }).fill('ONE-');
    await choose(page, 'Which storefront’s rewards do you want to see?', 'Brand Pro');
    await expect.poll(() => page.getByRole('textbox', { name: 'Prefix' }).inputValue()).toBe('');
    await expect.poll(() => asked('promotions').at(-1)?.query).toEqual({ channelId: '3' });
    await choose(page, 'Which storefront’s rewards do you want to see?', 'Brand Store (unsaved changes)');
    await expect.poll(() => page.getByRole('textbox', { name: 'Prefix' }).inputValue()).toBe('ONE-');
  });

  it('say whose save failed, after another one was chosen meanwhile', async () => {
    setUpTroubles();
    const page = await open();
    const prefix = page.getByRole('textbox', { name: 'Prefix' });
    await prefix.fill('MINE-');
    api.saveRewardsAsAnother(1, (channel) => ({
      ...channel,
      settings: { ...channel.settings, code: { ...channel.settings.code, prefix: 'THEIRS-' } },
    }));
    const letGo = api.hold('save-rewards');
    await button(page, 'Save changes').click();
    await choose(page, 'Which storefront’s rewards do you want to see?', 'Brand Pro');
    letGo();
    await page.getByText('Brand Store could not be saved. Choose it above to see why.').waitFor();
    expect(await dialog(page).count()).toBe(0);
    await choose(page, 'Which storefront’s rewards do you want to see?', 'Brand Store (unsaved changes)');
    await dialog(page).getByText('Theirs: THEIRS-').waitFor();
  });

  it('have only their own fields called wrong', async () => {
    setUpTroubles();
    api.failNext('save-rewards', 422, {
      code: 'INPUT_INVALID',
      message: 'it does not fit.',
      issues: [{ path: 'settings.code.prefix', message: 'The words of the app.' }],
    });
    const page = await open();
    await page.getByRole('textbox', { name: 'Prefix' }).fill('OK');
    await button(page, 'Save changes').click();
    await page.getByText('The words of the app.').waitFor();
    await choose(page, 'Which storefront’s rewards do you want to see?', 'Brand Pro');
    await expect.poll(() => page.getByText('The words of the app.').count()).toBe(0);
    await choose(page, 'Which storefront’s rewards do you want to see?', 'Brand Store (unsaved changes)');
    await page.getByText('The words of the app.').waitFor();
  });

  it('that come to have the settings of another have nothing unsaved any more', async () => {
    setUpTroubles();
    const page = await open({ path: '/?channel=3#rewards' });
    await page.getByRole('textbox', { name: 'Prefix' }).fill('MINE-');
    await page.getByRole('link', { name: 'Rewards (unsaved changes)' }).waitFor();
    const channels = api.rewards.answer.channels.map((one) =>
      one.channelId === 3 ? doneRewardChannel(3, { followsChannelId: 1 }) : one,
    );
    api.rewards.answer = { ...api.rewards.answer, channels };
    api.failNext('save-rewards', 409, { code: 'REWARDS_FOLLOW', message: 'storefront 3 has those of 1.' });
    await button(page, 'Save changes').click();
    await page.getByText('Not saved: by now this storefront has the settings of another one').waitFor();
    await button(page, 'Go to the settings of Brand Store').waitFor();
    await page.getByRole('link', { name: 'Rewards', exact: true }).waitFor();
    expect(await button(page, 'Save changes').count()).toBe(0);
  });

  it('that have the settings of another are led there', async () => {
    setUpTroubles();
    const page = await open({ path: '/?channel=2#rewards' });
    await page.getByRole('main').getByText('This storefront has the same settings as Brand Store').waitFor();
    expect(await page.getByRole('textbox', { name: 'Prefix' }).count()).toBe(0);
    expect(await page.getByRole('switch', { name: 'Keep codes ready' }).count()).toBe(0);
    await button(page, 'Go to the settings of Brand Store').click();
    await page.getByRole('textbox', { name: 'Prefix' }).waitFor();
  });
});

describe('the issued codes', () => {
  it('are listed with their state, reward, promotion and times, and why one has none', async () => {
    setUpTroubles();
    const page = await open();
    const text = async (rewardId: string) => (await row(page, rewardId).innerText()).replace(/\s+/g, ' ');
    await row(page, '7005').waitFor();
    expect(await text('7005')).toMatch(
      /waiting 7005 Supplier advocates Brand Store BigCommerce did not answer\. Try again later\. Try again – Advocates \(ID 11\) Came in Nov 3, 2025, 10:00 AM Next try Nov 3, 2025, 11:00 AM/i,
    );
    expect(await text('7004')).toMatch(/needs attention 7004 .* Codes of its promotion are of no use/i);
    expect(await text('7003')).toMatch(/fulfilled 7003 .* Brand Pro CODE7003 .* Fulfilled Nov 3, 2025/i);
    expect(await text('7002')).toMatch(/canceled 7002 .* CODE7002 Deleted again/i);
    expect(await text('7001')).toMatch(/ignored 7001 Supplier 9009 .* No promotion belongs to its supplier/i);
  });

  it.each([
    ['State', 'Canceled', { state: 'canceled' }, '7002'],
    ['Storefront', 'Brand Pro', { channelId: '3' }, '7003'],
  ])('are filtered by %s', async (filter, option, query, rewardId) => {
    setUpTroubles();
    const page = await open();
    await row(page, '7005').waitFor();
    const filters = page.getByRole('group', { name: 'Which codes are shown' });
    await filters.getByRole('combobox', { name: filter }).click();
    await page.getByRole('option', { name: option, exact: true }).click();
    await page.getByText('One reward is shown.').waitFor();
    await row(page, rewardId).waitFor();
    expect(asked('reward-codes').at(-1)?.query).toEqual(query);
    await button(page, 'Clear filters').click();
    await page.getByText('5 rewards are shown.').waitFor();
  });

  it('are filtered by promotion, also by one that is gone', async () => {
    setUpTroubles();
    const page = await open();
    await row(page, '7005').waitFor();
    const filters = page.getByRole('group', { name: 'Which codes are shown' });
    await filters.getByRole('combobox', { name: 'Promotion' }).click();
    await page.getByRole('option', { name: 'Promotion ID 99' }).click();
    await page.getByText('No reward is shown.').waitFor();
    await filters.getByRole('combobox', { name: 'Promotion' }).click();
    await page.getByRole('option', { name: 'Advocates (ID 11)' }).click();
    await page.getByText('3 rewards are shown.').waitFor();
  });

  it('are searched by a code or a reward’s ID', async () => {
    setUpTroubles();
    const page = await open();
    const search = page.getByRole('textbox', { name: 'Code or reward ID' });
    await search.fill(' CODE7003 ');
    await search.press('Enter');
    await page.getByText('One reward is shown.').waitFor();
    await row(page, '7003').waitFor();
    await search.fill('7001');
    await button(page, 'Search').click();
    await row(page, '7001').waitFor();
    await button(page, 'Clear filters').click();
    expect(await search.inputValue()).toBe('');
    await page.getByText('5 rewards are shown.').waitFor();
  });

  it('go on where they ended', async () => {
    setUpRewards();
    api.rewards.rewards = ['7003', '7002', '7001'].map((id) => newReward(id));
    api.rewards.pageSize = 2;
    const page = await open();
    await page.getByText('2 rewards are shown; there are more.').waitFor();
    await button(page, 'Load more').click();
    await page.getByText('3 rewards are shown.').waitFor();
    expect(await focusedText(page)).toBe('3 rewards are shown.');
    expect(await button(page, 'Load more').count()).toBe(0);
  });

  it('that are none say what will be here', async () => {
    const page = await open();
    await page.getByText('No reward came in yet.').waitFor();
    expect(await page.getByRole('table').count()).toBe(0);
    expect(await page.getByRole('group', { name: 'Which codes are shown' }).count()).toBe(0);
  });

  it('that can not be asked for say why', async () => {
    setUpRewards();
    api.failNext('reward-codes', 422, { code: 'CURSOR_INVALID', message: 'it does not go on from there.' });
    const page = await open();
    await page.getByText('The codes could not be asked for. It does not go on from there.').waitFor();
    await button(page, 'Refresh').click();
    await row(page, '7001').waitFor();
  });

  it('are copied', async () => {
    setUpRewards();
    const page = await open({ permissions: ['clipboard-read', 'clipboard-write'] });
    await button(page, 'Copy: CODE7001').click();
    await row(page, '7001').getByText('Copied.').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('CODE7001');
  });

  it('follow what waits within five seconds, and ask no more when nothing does', async () => {
    setUpRewards();
    const waiting = { state: 'waiting', code: null, codeState: null, fulfilledAt: null } as const;
    api.rewards.answer = { ...api.rewards.answer, counts: rewardCounts({ waiting: 1 }) };
    api.rewards.rewards = [newReward('7001', waiting)];
    const page = await open();
    await row(page, '7001').waitFor();
    await page.clock.install();
    await page.reload();
    await row(page, '7001').getByText('Waiting').waitFor();
    api.rewards.answer = { ...api.rewards.answer, counts: rewardCounts({ fulfilled: 1 }) };
    api.rewards.rewards = [newReward('7001')];
    await page.clock.runFor(5_100);
    await row(page, '7001').getByText('CODE7001').first().waitFor();
    await page.waitForLoadState('networkidle');
    const after = api.requests.length;
    await page.clock.runFor(60_000);
    expect(api.requests.slice(after).filter(({ route }) => route !== 'session')).toEqual([]);
  });
});

describe('a reward without a code', () => {
  it.each(['7005', '7004', '7001'])('is tried again by itself (%s)', async (rewardId) => {
    setUpTroubles();
    const page = await open();
    await button(page, `Try again: ${rewardId}`).click();
    const said = page.getByText('One reward is tried again.');
    await said.waitFor();
    await expect.poll(() => button(page, `Try again: ${rewardId}`).count()).toBe(0);
    expect(await focusedText(page)).toBe('One reward is tried again.');
    const [saidAt, tableAt] = await Promise.all([
      said.boundingBox(),
      page.getByRole('table').last().boundingBox(),
    ]);
    expect(saidAt?.y).toBeLessThan(tableAt?.y ?? 0);
    expect(bodies('replay-rewards')).toEqual([{ rewardIds: [rewardId] }]);
    await row(page, rewardId).getByText('Waiting').waitFor();
  });

  it('is not tried again once it has one, or waits for one with nothing in its way', async () => {
    setUpTroubles();
    api.rewards.rewards = api.rewards.rewards.map((reward) =>
      reward.state === 'waiting' ? { ...reward, failure: null } : reward,
    );
    const page = await open();
    await row(page, '7005').waitFor();
    expect(await page.getByRole('button', { name: /^Try again: / }).count()).toBe(2);
  });

  it('is tried again with all others that failed, after it was asked', async () => {
    setUpTroubles();
    const page = await open();
    await button(page, 'Try again all that failed').click();
    await dialog(page).getByText('2 rewards are tried again, and may get a code').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await dialog(page).getByRole('button', { name: 'Cancel' }).click();
    expect(asked('replay-rewards')).toEqual([]);
    await button(page, 'Try again all that failed').click();
    await dialog(page).getByRole('button', { name: 'Try again' }).click();
    await page.getByText('One reward is tried again.').waitFor();
    expect(bodies('replay-rewards')).toEqual([{ all: 'failed' }]);
    // Nothing failed any more.
    await expect.poll(() => button(page, 'Try again all that failed').count()).toBe(0);
    expect(await focusedText(page)).toBe('One reward is tried again.');
  });

  it('says why it can not be tried again', async () => {
    setUpTroubles();
    api.failNext('replay-rewards', 500, BUSY);
    const page = await open();
    await button(page, 'Try again: 7004').click();
    await page.getByText('Nothing is tried again. It is our fault.').waitFor();
  });
});

describe('all of the rewards', () => {
  it.each([1_280, 400, 320])('is without findings of axe, and not too wide, at %i px', async (width) => {
    const page = await open({ width });
    await page.getByText('No reward came in yet.').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    expect(await isWide(page)).toBe(false);

    setUpTroubles();
    await page.reload();
    await row(page, '7005').waitFor();
    await button(page, 'Show all 7 promotions with codes').click();
    await button(page, 'Promotions without codes (1)').click();
    await button(page, 'How to make one').click();
    await page.getByRole('textbox', { name: 'Prefix' }).fill('THANKS-');
    await page.mouse.move(1, 1);
    expect(await axeFindings(page)).toEqual([]);
    expect(await isWide(page)).toBe(false);
    expect(mishaps).toEqual([]);
  });

  it('works by keyboard', async () => {
    setUpRewards();
    const page = await open({ path: '/' });
    const { keyboard } = page;
    await page.getByRole('link', { name: 'Open Rewards' }).waitFor();
    await tabTo(page.getByRole('link', { name: 'Open Rewards' }));
    await keyboard.press('Enter');
    await row(page, '7001').waitFor();
    await tabTo(promotion(page, 'Advocates').getByRole('button', { name: 'Test' }));
    await keyboard.press('Enter');
    await page.getByText('It works: the code').waitFor();
    await tabTo(enable(page));
    await keyboard.press('Space');
    await tabTo(page.getByRole('radio', { name: 'By webhook (recommended)' }));
    await keyboard.press('ArrowDown');
    expect(await page.getByRole('radio', { name: 'By asking Extole every minute' }).isChecked()).toBe(true);
    await tabTo(button(page, 'Save changes'));
    await keyboard.press('Enter');
    await page.getByText('Saved.').waitFor();
    expect(bodies('save-rewards')).toMatchObject([{ settings: { isEnabled: false, intake: 'polling' } }]);
  });

  it('is in the user’s language', async () => {
    setUpTroubles();
    api.state = { ...api.state, user: { ...api.state.user, locale: 'de' } };
    const page = await open();
    await page.getByRole('heading', { name: 'Prämien', exact: true }).waitFor();
    await page.getByText('Diese Aktion erlaubt insgesamt 100 Nutzungen; 93 sind verbraucht.').waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('de');
    expect(mishaps).toEqual([]);
  });
});
