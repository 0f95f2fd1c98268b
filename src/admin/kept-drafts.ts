import { z } from 'zod';
import { type Settings, settingsSchema } from '../catalog/settings.js';
import type { KeptDraft } from './draft.js';

/*
 * What was not saved yet waits in the browser's storage, one entry for each storefront of each store: the session may end, the
 * computer may sleep. No secret is in it. Where the browser has no storage for us, there is just no such help.
 */

const event = z.strictObject({ isEnabled: z.boolean(), name: z.string(), statusIds: z.array(z.int()) });

/** Settings that somebody may be in the middle of typing: texts need not be right yet. */
const typedSettingsSchema: z.ZodType<Settings> = settingsSchema.extend({
  programDomain: z.string(),
  programLabel: z.string(),
  orderEvents: z.strictObject({ created: event, fulfilled: event, canceled: event }),
  customEventData: z.array(z.strictObject({ key: z.string(), value: z.string() })),
});

const editableSchema = z.strictObject({ sameAs: z.int().nullable(), settings: typedSettingsSchema });

const keptDraftSchema: z.ZodType<KeptDraft> = z.strictObject({
  revision: z.int(),
  base: editableSchema,
  edited: editableSchema,
  keptAt: z.iso.datetime(),
});

const keyOf = (storeHash: string, channelId: number): string => `extole-draft/${storeHash}/${channelId}`;

/** What was left unsaved of a storefront; `undefined` when nothing was, or when it can't be read any more. */
export function readKeptDraft(storeHash: string, channelId: number): KeptDraft | undefined {
  try {
    const text = localStorage.getItem(keyOf(storeHash, channelId));
    return text === null ? undefined : keptDraftSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Keeps what is not saved yet. */
export function keepDraft(storeHash: string, channelId: number, draft: KeptDraft): void {
  try {
    localStorage.setItem(keyOf(storeHash, channelId), JSON.stringify(draft));
  } catch {
    // Full, or forbidden.
  }
}

/** Forgets what was kept: it was saved, or is not wanted. */
export function dropKeptDraft(storeHash: string, channelId: number): void {
  try {
    localStorage.removeItem(keyOf(storeHash, channelId));
  } catch {
    // Forbidden.
  }
}
