import { z } from 'zod';
import type { Note } from '../catalog/admin-api.js';
import { type Settings, settingsSchema } from '../catalog/settings.js';
import type { Api } from './api.js';
import type { KeptDraft } from './draft.js';

/*
 * What was not saved yet is kept by the app, for this user and storefront: the session may end, the computer may sleep, and browsers give
 * a page in somebody else's frame no storage of its own. No secret is in it.
 */

const event = z.strictObject({ isEnabled: z.boolean(), name: z.string(), statusIds: z.array(z.int()) });

/** Settings that somebody may be in the middle of typing: texts need not be right yet. */
const typedSettingsSchema: z.ZodType<Settings> = settingsSchema.extend({
  programDomain: z.string(),
  programLabel: z.string(),
  orderEvents: z.strictObject({
    created: event.extend({ timing: z.enum(['status', 'creation']) }),
    fulfilled: event,
    canceled: event,
    partially_refunded: event,
    refunded: event,
  }),
  customEventData: z.array(z.strictObject({ key: z.string(), value: z.string() })),
});

const editableSchema = z.strictObject({ sameAs: z.int().nullable(), settings: typedSettingsSchema });

const keptDraftSchema: z.ZodType<KeptDraft> = z.strictObject({
  revision: z.int(),
  base: editableSchema,
  edited: editableSchema,
  keptAt: z.iso.datetime(),
});

/** What was left unsaved of a storefront; `undefined` when nothing was, or when it can't be read any more. */
export function readKeptDraft(notes: readonly Note[], channelId: number): KeptDraft | undefined {
  const note = notes.find((one) => one.channelId === channelId && one.name === 'draft');
  return keptDraftSchema.safeParse(note?.content).data;
}

/** Keeps what changes, storefront by storefront. */
export interface DraftKeeper {
  /** @param draft - `undefined`: it was saved, or is not wanted. */
  keep(channelId: number, draft: KeptDraft | undefined): void;
}

const DELAY_MS = 500;

/**
 * Keeps what a storefront's draft came to half a second after it changed, one request after the other, the newest last. One that fails
 * is not told of: the page says when the session ended, and asks before it is left with changes.
 */
export function createDraftKeeper(api: Pick<Api, 'keepNote'>): DraftKeeper {
  const waiting = new Map<number, KeptDraft | undefined>();
  const busy = new Set<number>();

  const send = async (channelId: number): Promise<void> => {
    while (waiting.has(channelId)) {
      await new Promise((resolve) => setTimeout(resolve, DELAY_MS));
      const draft = waiting.get(channelId);
      waiting.delete(channelId);
      await api.keepNote(channelId, 'draft', draft ?? null).catch(() => {});
    }
    busy.delete(channelId);
  };
  return {
    keep(channelId, draft) {
      waiting.set(channelId, draft);
      if (busy.has(channelId)) return;
      busy.add(channelId);
      void send(channelId);
    },
  };
}
