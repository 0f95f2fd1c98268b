import { describe, expect, it } from 'vitest';
import { bulkCodeExample, codeExample } from '../../src/admin/rewards/code-example.js';
import { findingsOf } from '../../src/admin/rewards/findings.js';
import {
  afterSave,
  disagreements,
  draftOf,
  findIssues,
  hasChanges,
  ofLeaders,
  type RewardDraft,
  rebase,
  saveBodyOf,
  type TypedRewards,
  withDraft,
} from '../../src/admin/rewards/reward-draft.js';
import { DEFAULT_REWARD_SETTINGS, type RewardSettings } from '../../src/catalog/rewards.js';
import type { RewardChannelView, RewardsAnswer } from '../../src/catalog/rewards-api.js';
import { doneRewardChannel, newRewardChannel, rewardCounts } from '../support/admin-rewards.js';

const NOW = new Date('2025-11-03T09:00:00.000Z');

const typing = (draft: RewardDraft, change: Partial<TypedRewards>): RewardDraft => ({
  ...draft,
  typed: { ...draft.typed, ...change },
});

const withSettings = (view: RewardChannelView, change: Partial<RewardSettings>): RewardChannelView => ({
  ...view,
  settings: { ...view.settings, ...change },
  revision: view.revision + 1,
});

const saved = doneRewardChannel(1);
const paths = (draft: RewardDraft): string[] => findIssues(draft).map(({ path }) => path);

describe('a draft of rewards', () => {
  it('is what is saved until something is typed, and again when it is taken back', () => {
    const draft = draftOf(saved);
    expect(hasChanges(draft)).toBe(false);
    expect(hasChanges(typing(draft, { maxUses: '2' }))).toBe(true);
    expect(hasChanges(typing(typing(draft, { maxUses: '2' }), { maxUses: '1' }))).toBe(false);
  });

  it('is kept only while there is something to save in it', () => {
    const changed = typing(draftOf(saved), { told: 'fulfilled_and_sent' });
    const kept = withDraft(new Map(), changed);
    expect([...kept.keys()]).toEqual([1]);
    expect(withDraft(kept, draftOf(saved)).size).toBe(0);
  });

  it('is sent as the app takes it', () => {
    const draft = typing(draftOf(saved), {
      prefix: 'THANKS-',
      maxUses: ' 12 ',
      suppliers: [{ supplierId: ' 7011 ', promotionId: 11 }],
    });
    expect(saveBodyOf(draft)).toEqual({
      revision: 3,
      settings: {
        ...saved.settings,
        code: { ...DEFAULT_REWARD_SETTINGS.code, prefix: 'THANKS-' },
        maxUses: 12,
        suppliers: [{ supplierId: '7011', promotionId: 11 }],
      },
    });
  });

  it('sends a key that was typed or taken out, and none from an empty box', () => {
    const draft = draftOf(saved);
    expect(saveBodyOf({ ...draft, webhookKey: 'client-key' })).toHaveProperty('webhookKey', 'client-key');
    expect(saveBodyOf({ ...draft, webhookKey: null })).toHaveProperty('webhookKey', null);
    expect(saveBodyOf({ ...draft, webhookKey: '' })).not.toHaveProperty('webhookKey');
    expect(hasChanges({ ...draft, webhookKey: '' })).toBe(false);
    expect(hasChanges({ ...draft, webhookKey: null })).toBe(true);
  });

  it.each<[Partial<TypedRewards>, string[]]>([
    [{ maxUses: '1' }, []],
    [{ maxUses: '1000' }, []],
    [{ maxUses: '0' }, ['rewards.maxUses']],
    [{ maxUses: '1001' }, ['rewards.maxUses']],
    [{ maxUses: '' }, ['rewards.maxUses']],
    [{ maxUses: '1e2' }, ['rewards.maxUses']],
    [{ minReady: '2000' }, []],
    [{ minReady: '2001' }, ['rewards.minReady']],
    [{ prefix: 'ÄH' }, ['rewards.code.prefix']],
    [{ suppliers: [{ supplierId: '', promotionId: 11 }] }, ['rewards.suppliers.0.supplierId']],
    [{ suppliers: [{ supplierId: '7011', promotionId: null }] }, ['rewards.suppliers.0.promotionId']],
    [
      {
        suppliers: [
          { supplierId: '7011', promotionId: 11 },
          { supplierId: '7011 ', promotionId: 12 },
        ],
      },
      ['rewards.suppliers.1.supplierId'],
    ],
  ])('with %j has these issues: %j', (change, expected) => {
    expect(paths(typing(draftOf(saved), change))).toEqual(expected);
  });

  it('has an issue with a short key', () => {
    expect(paths({ ...draftOf(saved), webhookKey: '1234567' })).toEqual(['rewards.webhookKey']);
    expect(paths({ ...draftOf(saved), webhookKey: '12345678' })).toEqual([]);
  });

  it('has no issue with a key that was typed and is out of sight, and does not send it', () => {
    const polling = typing({ ...draftOf(saved), webhookKey: 'short' }, { intake: 'polling' });
    expect(paths(polling)).toEqual([]);
    expect(saveBodyOf(polling)).not.toHaveProperty('webhookKey');
    expect(saveBodyOf({ ...polling, webhookKey: null })).toHaveProperty('webhookKey', null);
  });

  it('is dropped where a storefront follows another one, or is gone', () => {
    const drafts = new Map([1, 2, 3].map((id) => [id, draftOf(doneRewardChannel(id))]));
    const follower = doneRewardChannel(2, { followsChannelId: 1 });
    expect([...ofLeaders(drafts, [saved, follower]).keys()]).toEqual([1]);
    const kept = new Map([[1, draftOf(saved)]]);
    expect(ofLeaders(kept, [saved, follower])).toBe(kept);
  });
});

describe('what somebody else saved meanwhile', () => {
  const draft = typing(draftOf(saved), { maxUses: '2', told: 'fulfilled_and_sent' });

  it('is no matter where it is not what was changed here', () => {
    const theirs = withSettings(saved, { minReady: 50 });
    expect(disagreements(draft, theirs)).toEqual([]);
    const next = rebase(draft, theirs);
    expect(next.base.revision).toBe(4);
    expect(next.typed).toMatchObject({ minReady: '50', maxUses: '2', told: 'fulfilled_and_sent' });
  });

  it('is no matter where it is the same', () => {
    expect(disagreements(draft, withSettings(saved, { maxUses: 2 }))).toEqual([]);
  });

  it('is to be decided where both changed the same', () => {
    const theirs = withSettings(saved, { maxUses: 3, minReady: 50 });
    expect(disagreements(draft, theirs)).toEqual(['maxUses']);
    expect(rebase(draft, theirs).typed).toMatchObject({ maxUses: '2', told: 'fulfilled_and_sent' });
    expect(rebase(draft, theirs, ['maxUses']).typed).toMatchObject({
      maxUses: '3',
      minReady: '50',
      told: 'fulfilled_and_sent',
    });
  });

  it('is to be decided of a key that both changed', () => {
    const typed = { ...draftOf(saved), webhookKey: 'client-key' };
    const theirs = {
      ...withSettings(saved, {}),
      webhookKey: { lastFour: 'abcd', savedAt: '2025-11-03T10:00:00.000Z' },
    };
    expect(disagreements(typed, theirs)).toEqual(['webhookKey']);
    expect(disagreements(typed, withSettings(saved, {}))).toEqual([]);
    expect(rebase(typed, theirs).webhookKey).toBe('client-key');
    expect(rebase(typed, theirs, ['webhookKey']).webhookKey).toBeUndefined();
  });
});

describe('after a save', () => {
  it('there is nothing to save, unless something was typed meanwhile', () => {
    const sent = { ...typing(draftOf(saved), { maxUses: '2' }), webhookKey: 'client-key' };
    const now = withSettings(saved, { maxUses: 2 });
    expect(hasChanges(afterSave(sent, sent, now))).toBe(false);
    const since = afterSave({ ...typing(sent, { minReady: '9' }), webhookKey: 'another-key' }, sent, now);
    expect(since.typed).toMatchObject({ maxUses: '2', minReady: '9' });
    expect(since.webhookKey).toBe('another-key');
  });

  it('what was typed back meanwhile is still to be saved', () => {
    const sent = typing(draftOf(saved), { prefix: 'X-' });
    const now = withSettings(saved, { code: { ...saved.settings.code, prefix: 'X-' } });
    const since = afterSave(draftOf(saved), sent, now);
    expect(since.typed.prefix).toBe('');
    expect(hasChanges(since)).toBe(true);
  });
});

describe('what needs the merchant', () => {
  const answer = (more: Partial<RewardsAnswer> = {}): RewardsAnswer => ({
    channels: [saved],
    counts: rewardCounts(),
    waitingForSwitch: 0,
    unknownSupplier: 0,
    oldestWaitingAt: null,
    hasPromotionScope: true,
    ...more,
  });
  const found = (more: Partial<RewardsAnswer> = {}) => findingsOf(answer(more), NOW).map(({ what }) => what);
  const channel = (more: Partial<RewardChannelView>) => ({ channels: [doneRewardChannel(1, more)] });

  it('is nothing when all is well', () => {
    expect(found()).toEqual([]);
  });

  it('is first that promotions can not be seen', () => {
    expect(found({ hasPromotionScope: false, ...channel({ hasAccessToken: false }) })).toEqual([
      'no-scope',
      'no-token',
    ]);
  });

  it('is a client key that is missing, only where webhooks are to come in', () => {
    expect(found(channel({ webhookKey: null }))).toEqual(['no-key']);
    const settings: RewardSettings = { ...saved.settings, intake: 'polling' };
    expect(found(channel({ webhookKey: null, settings }))).toEqual([]);
  });

  it('is that nothing leads to a promotion', () => {
    const settings = { ...saved.settings, usesPartnerSupplierIds: false };
    expect(found(channel({ settings }))).toEqual(['no-promotion']);
    const suppliers = [{ supplierId: '7011', promotionId: 11 }];
    expect(found(channel({ settings: { ...settings, suppliers } }))).toEqual([]);
  });

  it('is that Extole can not be asked, unless it is known to be for want of a token', () => {
    const pollFailure = { code: 'EXTOLE_TIMEOUT', message: '…' };
    expect(found(channel({ pollFailure }))).toEqual(['poll-failed']);
    expect(found(channel({ pollFailure, hasAccessToken: false }))).toEqual(['no-token']);
  });

  it('is a reward that waits for a quarter of an hour', () => {
    const counts = rewardCounts({ waiting: 1 });
    expect(found({ counts, oldestWaitingAt: '2025-11-03T08:45:01.000Z' })).toEqual([]);
    expect(found({ counts, oldestWaitingAt: '2025-11-03T08:45:00.000Z' })).toEqual(['waiting']);
  });

  it('is a reward that waits for something else than a switch', () => {
    const waiting = { counts: rewardCounts({ waiting: 3 }), waitingForSwitch: 2 };
    expect(findingsOf(answer({ ...waiting, oldestWaitingAt: '2025-11-03T08:00:00.000Z' }), NOW)).toEqual([
      { what: 'waiting', count: 1, seconds: 3_600 },
    ]);
    expect(found({ ...waiting, oldestWaitingAt: null })).toEqual([]);
  });

  it('is a storefront that is switched off while its rewards are on', () => {
    expect(found(channel({ isStorefrontEnabled: false }))).toEqual(['storefront-off']);
    expect(found({ channels: [newRewardChannel(1, { isStorefrontEnabled: false })] })).toEqual(['off']);
  });

  it('is a reward whose supplier leads nowhere, and none that is ignored for another reason', () => {
    const counts = rewardCounts({ ignored: 3 });
    expect(found({ counts })).toEqual([]);
    expect(found({ counts, unknownSupplier: 1 })).toEqual(['unknown-supplier']);
  });

  it('is a reward that failed', () => {
    expect(found({ counts: rewardCounts({ failed: 1 }) })).toEqual(['failed']);
  });

  it('is of a storefront that is switched off only that it is, once all are', () => {
    const off = newRewardChannel(2, { hasAccessToken: false });
    expect(found({ channels: [saved, off] })).toEqual([]);
    expect(found({ channels: [off] })).toEqual(['off']);
  });

  it('is nothing of a storefront that has the settings of another', () => {
    const follower = doneRewardChannel(2, { followsChannelId: 1, webhookKey: null, hasAccessToken: false });
    expect(found({ channels: [saved, follower] })).toEqual([]);
  });
});

describe('an example of a code', () => {
  const look = { prefix: 'THANKS-', pattern: 'random', length: 10, excludesLookAlikes: true } as const;

  it.each(['random', 'pronounceable'] as const)('that is %s has the prefix and the length', (pattern) => {
    for (const length of [8, 16]) {
      expect(codeExample({ ...look, pattern, length })).toMatch(new RegExp(`^THANKS-[A-Z0-9]{${length}}$`));
    }
  });

  it('alternates consonants and vowels where it can be pronounced', () => {
    const example = codeExample({ ...look, prefix: '', pattern: 'pronounceable', length: 16 });
    expect(example).toMatch(/^([^AEIOU][AEIOU]){8}$/);
  });

  it.each(['random', 'pronounceable'] as const)('that is %s has look-alikes only when it may', (pattern) => {
    const example = (excludesLookAlikes: boolean) =>
      codeExample({ ...look, prefix: '', pattern, length: 16, excludesLookAlikes });
    expect(example(true)).not.toMatch(/[0O1IL]/);
    expect(example(false)).toMatch(/[0O1IL]/);
  });

  it('of a bulk promotion has eight characters of ours and six of BigCommerce’s', () => {
    expect(bulkCodeExample(look)).toMatch(/^THANKS-[A-Z0-9]{8}-[A-Z0-9]{6}$/);
  });
});
