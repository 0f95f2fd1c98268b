import { useCallback, useEffect, useRef, useState } from 'react';
import type { ChannelView, StateAnswer } from '../catalog/admin-api.js';
import { type Draft, draftOf, hasChangedSettings, keptOf, restoreDraft } from './draft.js';
import { dropKeptDraft, keepDraft, readKeptDraft } from './kept-drafts.js';

type Drafts = ReadonlyMap<number, Draft>;

/** The drafts of all storefronts, by channel id, and what changes one of them. */
export interface DraftStore {
  readonly drafts: Drafts;
  update(channelId: number, change: (draft: Draft) => Draft): void;
}

/** Begins where the user left off, and keeps what is not saved in the browser's storage as it changes. */
export function useDrafts({ store, channels }: StateAnswer): DraftStore {
  const { storeHash } = store;
  const [drafts, setDrafts] = useState<Drafts>(
    () => new Map(channels.map((channel) => [channel.channelId, begin(storeHash, channel)])),
  );
  const kept = useRef(drafts);

  useEffect(() => {
    for (const [channelId, draft] of drafts) {
      if (draft === kept.current.get(channelId)) continue;
      if (hasChangedSettings(draft)) keepDraft(storeHash, channelId, keptOf(draft, new Date()));
      else dropKeptDraft(storeHash, channelId);
    }
    kept.current = drafts;
  }, [drafts, storeHash]);

  const update = useCallback((channelId: number, change: (draft: Draft) => Draft): void => {
    setDrafts((before) => {
      const draft = before.get(channelId);
      return draft ? new Map(before).set(channelId, change(draft)) : before;
    });
  }, []);

  return { drafts, update };
}

function begin(storeHash: string, channel: ChannelView): Draft {
  const kept = readKeptDraft(storeHash, channel.channelId);
  return kept ? restoreDraft(channel, kept) : draftOf(channel);
}
