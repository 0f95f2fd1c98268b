import { sql } from 'kysely';
import type { AppDeps } from '../deps.js';
import { openAccessToken } from '../extole/access-token.js';
import type { EventRoute } from '../extole/send-event.js';
import { type EffectiveSettings, effectiveSettingsOfStore } from '../settings/settings.js';
import { inIndexOrder } from './in-index-order.js';
import { endPause, type Pause, pauseToken, type TokenOwner, takeProbe } from './pauses.js';

/** The way that the events of some storefronts take: those with one token, which takes events now. */
export interface Lane extends TokenOwner {
  /** Whose events go this way. */
  readonly channelIds: readonly number[];
  readonly route: EventRoute;
  /** The pause that is over if one event goes well; `undefined`: there is none, and as many go as can. */
  readonly ending: Pause | undefined;
}

/** A way for events, or when to look again whether there is one. */
export type LaneOrTime = { readonly lane: Lane } | { readonly opensAt: Date };

type Deps = Pick<AppDeps, 'db' | 'log' | 'now' | 'secrets' | 'timing'>;

/**
 * The ways of all events of a store that wait. There is none for now where a storefront is switched off, has no token, or has one that is
 * paused.
 */
export async function lanesOf(deps: Deps, storeHash: string): Promise<LaneOrTime[]> {
  const { db } = deps;
  const [settingsOf, channels, pauses] = await Promise.all([
    effectiveSettingsOfStore(db, storeHash),
    waitingChannels(db, storeHash),
    db.selectFrom('delivery_pause').selectAll().where('store_hash', '=', storeHash).execute(),
  ]);
  const pauseOf = new Map(pauses.map((pause) => [pause.channel_id, pause]));
  const owners = new Map<number, { readonly settings: EffectiveSettings; readonly channelIds: number[] }>();
  for (const channelId of channels) {
    const settings = settingsOf(channelId);
    const owner = owners.get(settings.channelId) ?? { settings, channelIds: [] };
    owner.channelIds.push(channelId);
    owners.set(settings.channelId, owner);
  }
  return Promise.all(
    [...owners].map(([owner, { settings, channelIds }]) =>
      laneOf(deps, storeHash, channelIds, settings, pauseOf.get(owner)),
    ),
  );
}

/** The storefronts that have events which wait. Without settings, nothing ever became an event. */
async function waitingChannels(db: AppDeps['db'], storeHash: string): Promise<number[]> {
  const looking = sql<{ channel_id: number }>`
    select channel_id from channel_settings as saved
    where store_hash = ${storeHash} and (
      select true from event
      where event.store_hash = saved.store_hash and event.channel_id = saved.channel_id and event.state = 'waiting'
      order by priority, due_at
      limit 1
    )`;
  const { rows } = await inIndexOrder(db, (transaction) => looking.execute(transaction));
  return rows.map(({ channel_id: channelId }) => channelId);
}

async function laneOf(
  deps: Deps,
  storeHash: string,
  channelIds: readonly number[],
  { channelId, settings, accessToken: sealedToken }: EffectiveSettings,
  pause: Pause | undefined,
): Promise<LaneOrTime> {
  const { db, now, timing } = deps;
  const owner: TokenOwner = { storeHash, channelId, sealedToken };
  const later = (ms: number): Date => new Date(now().getTime() + ms);
  if (!settings.isEnabled) return { opensAt: later(timing.tokenPauseMs) };

  const isOver = pause?.reason === 'no-token' && sealedToken !== null;
  if (pause && isOver) await endPause(db, owner, pause.since);
  else if (pause && pause.until > now()) return { opensAt: pause.until };

  const opened = openAccessToken(deps, storeHash, { channelId, accessToken: sealedToken });
  if ('failure' in opened) {
    const opensAt = later(timing.tokenPauseMs);
    const reason = sealedToken ? 'token-refused' : 'no-token';
    await pauseToken(deps, owner, { reason, until: opensAt }, opened.failure);
    return { opensAt };
  }
  const route = { endpoint: settings.eventEndpoint, token: opened.token };
  if (!pause || isOver) return { lane: { ...owner, channelIds, route, ending: undefined } };
  const until = later(timing.leaseMs);
  if (!(await takeProbe(deps, owner, until))) return { opensAt: until };
  return { lane: { ...owner, channelIds, route, ending: { ...pause, until } } };
}
