import { useCallback, useEffect, useRef, useState } from 'react';
import type { ChannelView, Note, StateAnswer } from '../catalog/admin-api.js';
import type { Api } from './api.js';
import { type Draft, draftOf, hasChangedSettings, keptOf, restoreDraft } from './draft.js';
import { createDraftKeeper, readKeptDraft } from './kept-drafts.js';

type Drafts = ReadonlyMap<number, Draft>;

/** The drafts of all storefronts, by channel id, and what changes one of them. */
export interface DraftStore {
  readonly drafts: Drafts;
  update(channelId: number, change: (draft: Draft) => Draft): void;
}

/** Begins where the user left off, and has the app keep what is not saved as it changes. */
export function useDrafts(api: Api, { channels, notes }: StateAnswer): DraftStore {
  const [keeper] = useState(() => createDraftKeeper(api));
  const [drafts, setDrafts] = useState<Drafts>(
    () => new Map(channels.map((channel) => [channel.channelId, begin(notes, channel)])),
  );
  const kept = useRef(drafts);

  useEffect(() => {
    for (const [channelId, draft] of drafts) {
      if (draft === kept.current.get(channelId)) continue;
      keeper.keep(channelId, hasChangedSettings(draft) ? keptOf(draft, new Date()) : undefined);
    }
    kept.current = drafts;
  }, [drafts, keeper]);

  const update = useCallback((channelId: number, change: (draft: Draft) => Draft): void => {
    setDrafts((before) => {
      const draft = before.get(channelId);
      return draft ? new Map(before).set(channelId, change(draft)) : before;
    });
  }, []);

  return { drafts, update };
}

function begin(notes: readonly Note[], channel: ChannelView): Draft {
  const kept = readKeptDraft(notes, channel.channelId);
  return kept ? restoreDraft(channel, kept) : draftOf(channel);
}
