import { describe, expect, it } from 'vitest';
import { promotionFacts } from '../../src/app/rewards/promotion-facts.js';
import {
  missingPromotions,
  type PromotionUse,
  type PromotionViewer,
  promotionViews,
  promotionWarnings,
} from '../../src/app/rewards/promotion-views.js';
import { isEnoughReady, readyTarget, readyWindowStart } from '../../src/app/rewards/ready-target.js';
import {
  DEFAULT_REWARD_SETTINGS,
  type PromotionFacts,
  promotionProblem,
  type RewardSettings,
} from '../../src/catalog/rewards.js';

const NOW = new Date('2026-03-01T12:00:00Z');
const DAY_MS = 86_400_000;
const at = (ms: number): string => new Date(NOW.getTime() + ms).toISOString();

const GOOD: PromotionFacts = {
  promotionId: 7,
  name: 'Thanks',
  couponType: 'bulk',
  status: 'enabled',
  startsAt: at(-DAY_MS),
  endsAt: null,
  maxUses: null,
  currentUses: 0,
  channelIds: [],
  currencyCode: null,
};
const NO_USE: PromotionUse = { madeCount: 0, readyCount: 0, givenCount: 0, supplierIds: [] };

const viewer = (settings: Partial<RewardSettings> = {}): PromotionViewer => ({
  channelId: 1,
  settings: { ...DEFAULT_REWARD_SETTINGS, ...settings },
  now: NOW,
});

describe('what is wrong with a promotion', () => {
  it.each<[string | null, Partial<PromotionFacts>]>([
    [null, {}],
    ['not-coupon', { couponType: null }],
    ['invalid', { status: 'invalid' }],
    ['disabled', { status: 'disabled' }],
    ['ended', { endsAt: at(0) }],
    [null, { endsAt: at(1) }],
    ['used-up', { maxUses: 100, currentUses: 100 }],
    [null, { maxUses: 100, currentUses: 99 }],
    // It begins later: its codes can be given away before.
    [null, { startsAt: at(DAY_MS) }],
  ])('is %s for %o', (problem, facts) => {
    expect(promotionProblem({ ...GOOD, ...facts }, NOW)).toBe(problem);
  });

  it('is that it is gone when there is none', () => {
    expect(promotionProblem(undefined, NOW)).toBe('gone');
  });

  it('is what does not pass before what does', () => {
    expect(promotionProblem({ ...GOOD, status: 'disabled', endsAt: at(0) }, NOW)).toBe('ended');
  });
});

describe('what a merchant is warned of', () => {
  const warnings = (
    facts: Partial<PromotionFacts>,
    use: Partial<PromotionUse> = {},
    settings: Partial<RewardSettings> = {},
  ) => promotionWarnings({ ...GOOD, ...facts }, { ...NO_USE, ...use }, viewer(settings));

  it('is nothing where all is well', () => {
    expect(warnings({})).toEqual([]);
  });

  it('is a beginning that is still to come', () => {
    expect(warnings({ startsAt: at(1) })).toEqual([{ kind: 'not-started', startsAt: at(1) }]);
    expect(warnings({ startsAt: at(0) })).toEqual([]);
    expect(warnings({ startsAt: null })).toEqual([]);
  });

  it('is an end within 14 days', () => {
    expect(warnings({ endsAt: at(14 * DAY_MS) })).toEqual([{ kind: 'ends-soon', endsAt: at(14 * DAY_MS) }]);
    expect(warnings({ endsAt: at(14 * DAY_MS + 1) })).toEqual([]);
  });

  it('is that four of five uses are gone', () => {
    expect(warnings({ maxUses: 100, currentUses: 79 })).toEqual([]);
    expect(warnings({ maxUses: 100, currentUses: 80 })).toEqual([
      { kind: 'few-uses-left', maxUses: 100, currentUses: 80, openCodes: 0 },
    ]);
  });

  it('is that the codes which are out can use up what is left', () => {
    expect(warnings({ maxUses: 100, currentUses: 10 }, { madeCount: 99 })).toEqual([]);
    expect(warnings({ maxUses: 100, currentUses: 10 }, { madeCount: 100 })).toEqual([
      { kind: 'few-uses-left', maxUses: 100, currentUses: 10, openCodes: 90 },
    ]);
  });

  it('counts a code as often as it can be used', () => {
    const settings = { maxUses: 5 };
    expect(warnings({ maxUses: 100 }, { madeCount: 19 }, settings)).toEqual([]);
    expect(warnings({ maxUses: 100 }, { madeCount: 20 }, settings)).toMatchObject([{ openCodes: 20 }]);
  });

  it('is that it holds on other storefronts only', () => {
    expect(warnings({ channelIds: [2, 3] })).toEqual([{ kind: 'other-storefronts', channelIds: [2, 3] }]);
    expect(warnings({ channelIds: [2, 1] })).toEqual([]);
  });

  it('is that several suppliers lead to it, whether by settings or by what came', () => {
    const suppliers = [
      { supplierId: 'friend', promotionId: 7 },
      { supplierId: 'other', promotionId: 8 },
    ];
    expect(warnings({}, { supplierIds: ['friend'] }, { suppliers })).toEqual([]);
    expect(warnings({}, { supplierIds: ['advocate', 'friend'] }, { suppliers })).toEqual([
      { kind: 'shared', supplierIds: ['advocate', 'friend'] },
    ]);
  });

  it('is that codes of it can not be kept ready', () => {
    const settings = { readyPromotionIds: [7] };
    expect(warnings({ couponType: 'single' }, {}, settings)).toEqual([{ kind: 'not-bulk' }]);
    expect(warnings({ couponType: 'bulk' }, {}, settings)).toEqual([]);
  });

  it('is nothing more where no code is of use', () => {
    expect(warnings({ endsAt: at(-1), channelIds: [2] })).toEqual([]);
  });
});

describe('the promotions of the page', () => {
  it('have those with coupons first, the newest first', () => {
    const facts = [
      { ...GOOD, promotionId: 1 },
      { ...GOOD, promotionId: 3, couponType: null },
      { ...GOOD, promotionId: 2 },
      { ...GOOD, promotionId: 4, couponType: null },
    ];
    const views = promotionViews(facts, new Map(), viewer());
    expect(views.map(({ promotionId }) => promotionId)).toEqual([2, 1, 4, 3]);
  });

  it('say how many codes are ready and should be, where some are kept', () => {
    const uses = new Map([[7, { ...NO_USE, readyCount: 12, madeCount: 12, givenCount: 700 }]]);
    const settings = { readyPromotionIds: [7], minReady: 30 };
    expect(promotionViews([GOOD], uses, viewer(settings))).toMatchObject([
      { ready: { count: 12, target: 200 }, openCodes: 12 },
    ]);
    expect(promotionViews([GOOD], uses, viewer())).toMatchObject([{ ready: null }]);
    const single = { ...GOOD, couponType: 'single' as const };
    expect(promotionViews([single], uses, viewer(settings))).toMatchObject([{ ready: null }]);
  });

  it('say whether anything leads to them', () => {
    const suppliers = [{ supplierId: 'friend', promotionId: 7 }];
    const came = new Map([[7, { ...NO_USE, supplierIds: ['advocate'] }]]);
    const made = new Map([[7, { ...NO_USE, madeCount: 3 }]]);
    expect(promotionViews([GOOD], new Map(), viewer({ suppliers }))).toMatchObject([{ isUsed: true }]);
    expect(promotionViews([GOOD], came, viewer())).toMatchObject([{ isUsed: true }]);
    expect(promotionViews([GOOD], made, viewer())).toMatchObject([{ isUsed: false }]);
  });

  it('are missing where settings or rewards name what the store has not', () => {
    const settings = {
      ...DEFAULT_REWARD_SETTINGS,
      suppliers: [{ supplierId: 'friend', promotionId: 30 }],
      readyPromotionIds: [7, 20],
    };
    const uses = new Map([
      [10, { ...NO_USE, supplierIds: ['advocate'] }],
      [11, { ...NO_USE, madeCount: 2 }],
    ]);
    expect(missingPromotions([GOOD], uses, settings)).toEqual([10, 20, 30]);
  });
});

describe('what BigCommerce says of a promotion', () => {
  const SAID = {
    id: 7,
    name: 'Thanks',
    redemption_type: 'COUPON',
    coupon_type: 'BULK',
    status: 'ENABLED',
    start_date: '2026-02-28T12:00:00+00:00',
    currency_code: '*',
  };

  it('is read with what it leaves out', () => {
    expect(promotionFacts(SAID)).toEqual(GOOD);
    expect(
      promotionFacts({
        ...SAID,
        coupon_type: 'SINGLE',
        status: 'DISABLED',
        end_date: '2026-03-02T12:00:00+01:00',
        max_uses: 100,
        current_uses: 93,
        currency_code: 'EUR',
        channels: [{ id: 2 }],
      }),
    ).toEqual({
      ...GOOD,
      couponType: 'single',
      status: 'disabled',
      endsAt: '2026-03-02T11:00:00.000Z',
      maxUses: 100,
      currentUses: 93,
      currencyCode: 'EUR',
      channelIds: [2],
    });
  });

  it('is no coupon promotion when it applies by itself, whatever else it says', () => {
    expect(promotionFacts({ ...SAID, redemption_type: 'AUTOMATIC' }).couponType).toBeNull();
  });

  it('is switched off as far as we know with a status that nobody knows, so that its rewards wait', () => {
    expect(promotionFacts({ ...SAID, status: 'ARCHIVED' }).status).toBe('disabled');
  });
});

describe('how many codes are kept ready', () => {
  it('is what two days take by the last seven, and what is wanted at least', () => {
    expect(readyTarget(20, 0)).toBe(20);
    expect(readyTarget(20, 70)).toBe(20);
    expect(readyTarget(20, 71)).toBe(21);
    expect(readyTarget(1, 7_000)).toBe(2_000);
    expect([isEnoughReady(11, 20), isEnoughReady(10, 20)]).toEqual([true, false]);
    expect([isEnoughReady(1, 1), isEnoughReady(0, 1)]).toEqual([true, false]);
    expect(readyWindowStart(NOW).toISOString()).toBe('2026-02-22T12:00:00.000Z');
  });
});
