import { describe, expect, it } from 'vitest';
import {
  afterSave,
  disagreements,
  draftOf,
  editSecrets,
  editSettings,
  FIELDS,
  findIssues,
  hasChanges,
  keptOf,
  mergeDraft,
  restoreDraft,
  saveBodyOf,
} from '../../src/admin/draft.js';
import { readKeptDraft } from '../../src/admin/kept-drafts.js';
import type { ChannelView } from '../../src/catalog/admin-api.js';
import { DEFAULT_SETTINGS, type Settings } from '../../src/catalog/settings.js';
import { doneChannel, newChannel } from '../support/admin-api.js';

const NOW = new Date('2025-11-03T09:00:00.000Z');
const TOKEN = 'token-of-extole';

const done = doneChannel(1, 'Brand Store');
const savedByAnother = (change: Partial<Settings>, more: Partial<ChannelView> = {}): ChannelView => ({
  ...done,
  settings: { ...done.settings, ...change },
  revision: done.revision + 1,
  ...more,
});
const paths = (change: Partial<Settings>): string[] =>
  findIssues(editSettings(draftOf(done), change)).map(({ path }) => path);

/** Every place in the settings that holds something, as the fields name them. */
function leaves(value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [path];
  return Object.entries(value).flatMap(([name, inner]) => leaves(inner, `${path}.${name}`));
}

describe('a draft', () => {
  it('knows every setting as a field', () => {
    expect(FIELDS.map(({ path }) => path).sort()).toEqual(
      ['sameAs', ...leaves(DEFAULT_SETTINGS, 'settings')].sort(),
    );
  });

  it('has nothing to save until something is another than it was', () => {
    const draft = draftOf(done);
    expect(hasChanges(draft)).toBe(false);
    expect(hasChanges(editSettings(draft, { programDomain: 'new.brand.com' }))).toBe(true);
    expect(hasChanges(editSettings(draft, { programDomain: done.settings.programDomain }))).toBe(false);
  });

  it('sends a secret only when one was typed, or is to be forgotten', () => {
    const draft = draftOf(done);
    expect(saveBodyOf(draft)).not.toHaveProperty('accessToken');
    expect(saveBodyOf(editSecrets(draft, { accessToken: '' }))).not.toHaveProperty('accessToken');
    expect(saveBodyOf(editSecrets(draft, { accessToken: TOKEN }))).toHaveProperty('accessToken', TOKEN);
    expect(saveBodyOf(editSecrets(draft, { accessToken: null }))).toHaveProperty('accessToken', null);
    const emptyKey = { keyId: '', key: '' };
    expect(saveBodyOf(editSecrets(draft, { verificationKey: emptyKey }))).not.toHaveProperty(
      'verificationKey',
    );
  });

  it('is kept without any secret', () => {
    const typed = editSecrets(draftOf(done), {
      accessToken: TOKEN,
      verificationKey: { keyId: 'key-id-typed', key: 'k'.repeat(32) },
    });
    const kept = JSON.stringify(keptOf(typed, NOW));
    for (const secret of [TOKEN, 'key-id-typed', 'k'.repeat(32), 'ab12']) expect(kept).not.toContain(secret);
  });
});

describe('what is wrong with a draft', () => {
  it('is that a domain or a token is missing, while Extole is enabled', () => {
    const fresh = draftOf(newChannel(1, 'Brand Store'));
    expect(findIssues(fresh).map(({ path }) => path)).toEqual(['settings.programDomain', 'accessToken']);
    expect(findIssues(editSettings(fresh, { isEnabled: false }))).toEqual([]);
    expect(findIssues({ ...fresh, edited: { ...fresh.edited, sameAs: 2 } })).toEqual([]);
  });

  it('is that the token is removed, and nothing when it is replaced', () => {
    expect(findIssues(editSecrets(draftOf(done), { accessToken: null }))).toHaveLength(1);
    expect(findIssues(editSecrets(draftOf(done), { accessToken: TOKEN }))).toEqual([]);
  });

  it('is told by the place in it', () => {
    expect(paths({ programDomain: 'https://share.brand.com' })).toEqual(['settings.programDomain']);
    expect(
      paths({
        customEventData: [
          { key: 'fine', value: '' },
          { key: '', value: 'x' },
        ],
      }),
    ).toEqual(['settings.customEventData.1.key']);
    const { orderEvents } = done.settings;
    expect(
      paths({ orderEvents: { ...orderEvents, fulfilled: { ...orderEvents.fulfilled, name: 'a b' } } }),
    ).toEqual(['settings.orderEvents.fulfilled.name']);
  });

  it('is no longer told of a field that is being mended', () => {
    const wrong = { ...draftOf(newChannel(1, 'Brand Store')) };
    const found = { ...wrong, issues: findIssues(wrong) };
    const mended = editSettings(found, { programDomain: 's' });
    expect(mended.issues.map(({ path }) => path)).toEqual(['accessToken']);
    // The same object: the page puts the focus into fields of new issues only.
    expect(mended.issues[0]).toBe(found.issues[1]);
  });
});

describe('a draft that meets what somebody else saved', () => {
  const mine = editSettings(draftOf(done), { programDomain: 'mine.brand.com', programLabel: 'mine' });

  it('names what they changed and is not the same here, and whether it was changed here too', () => {
    const current = savedByAnother({ programDomain: 'theirs.brand.com', requireConsent: true });
    expect(disagreements(mine, current).map(({ field, isMineToo }) => [field.path, isMineToo])).toEqual([
      ['settings.programDomain', true],
      ['settings.requireConsent', false],
    ]);
  });

  it('does not name what both changed alike', () => {
    expect(disagreements(mine, savedByAnother({ programLabel: 'mine' }))).toEqual([]);
  });

  it('becomes theirs with what was changed here only, and what is kept of what both changed', () => {
    const current = savedByAnother({ programDomain: 'theirs.brand.com', requireConsent: true });
    const kept = mergeDraft(mine, current, new Set(['settings.programDomain']));
    expect(kept.edited.settings).toMatchObject({
      programDomain: 'mine.brand.com',
      programLabel: 'mine',
      requireConsent: true,
    });
    expect(saveBodyOf(kept).revision).toBe(current.revision);
    const taken = mergeDraft(mine, current, new Set());
    expect(taken.edited.settings).toMatchObject({ programDomain: 'theirs.brand.com', programLabel: 'mine' });
  });

  it('keeps a typed token unless they saved one and theirs is taken', () => {
    const typed = editSecrets(mine, { accessToken: TOKEN });
    const other = savedByAnother({ programDomain: 'theirs.brand.com' });
    expect(mergeDraft(typed, other, new Set()).secrets.accessToken).toBe(TOKEN);
    const withToken = { ...other, accessToken: { lastFour: 'cd34', savedAt: '2025-11-03T08:00:00.000Z' } };
    expect(mergeDraft(typed, withToken, new Set()).secrets.accessToken).toBeUndefined();
    expect(mergeDraft(typed, withToken, new Set(['accessToken'])).secrets.accessToken).toBe(TOKEN);
  });
});

describe('a draft after a save', () => {
  const sent = editSecrets(editSettings(draftOf(done), { programDomain: 'SHARE.brand.com' }), {
    accessToken: TOKEN,
  });
  const saved = savedByAnother(
    { programDomain: 'share.brand.com' },
    { accessToken: { lastFour: 'tole', savedAt: '2025-11-03T09:00:00.000Z' } },
  );

  it('is what was saved, and holds the token no more', () => {
    expect(afterSave(sent, sent, saved)).toEqual(draftOf(saved));
  });

  it('still has what was typed while it was on its way', () => {
    const since = editSecrets(editSettings(sent, { programLabel: 'spring' }), { accessToken: 'another' });
    const after = afterSave(since, sent, saved);
    expect(after.edited.settings).toMatchObject({
      programDomain: 'share.brand.com',
      programLabel: 'spring',
    });
    expect(after.secrets.accessToken).toBe('another');
  });
});

describe('a draft that is kept', () => {
  const notes = (content: unknown) => [
    { channelId: 1, name: 'draft' as const, content: JSON.parse(JSON.stringify(content)) },
  ];

  it('is read as it was, however unfinished', () => {
    const { orderEvents } = done.settings;
    const kept = keptOf(
      editSettings(draftOf(done), {
        programDomain: 'https://',
        cartValue: 'total_inc_tax',
        eventEndpoint: 'sync',
        orderEvents: {
          ...orderEvents,
          created: { ...orderEvents.created, timing: 'creation' },
          refunded: { ...orderEvents.refunded, name: 'not a name' },
        },
      }),
      NOW,
    );
    expect(readKeptDraft(notes(kept), 1)).toEqual(kept);
    expect(readKeptDraft(notes(kept), 2)).toBeUndefined();
  });

  it('is nothing when it can not be read', () => {
    expect(readKeptDraft(notes({ revision: 1 }), 1)).toBeUndefined();
  });
});

describe('a draft that was left', () => {
  const kept = keptOf(editSettings(draftOf(done), { programDomain: 'mine.brand.com' }), NOW);

  it('goes on where it was', () => {
    const draft = restoreDraft(done, kept);
    expect(draft.edited.settings.programDomain).toBe('mine.brand.com');
    expect(draft).toMatchObject({ restoredFrom: NOW.toISOString(), conflict: null });
  });

  it('is nothing when it was saved meanwhile', () => {
    const current = savedByAnother({ programDomain: 'mine.brand.com' });
    expect(restoreDraft(current, kept)).toEqual(draftOf(current));
  });

  it('goes on from what somebody else saved where they changed something else, and asks', () => {
    const current = savedByAnother({ programLabel: 'spring' });
    const draft = restoreDraft(current, kept);
    expect(draft.conflict).toEqual({ current, wasSaving: false });
    const merged = mergeDraft(draft, current, new Set());
    expect(merged.edited.settings).toMatchObject({
      programDomain: 'mine.brand.com',
      programLabel: 'spring',
    });
  });
});
