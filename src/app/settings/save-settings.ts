import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { ChannelView, ConflictFailure, SaveAnswer, SaveBody } from '../../catalog/admin-api.js';
import { AppError } from '../app-error.js';
import { resumeDeliveries } from '../deliveries/pauses.js';
import type { AppDeps, Database } from '../deps.js';
import { checkAccessToken } from '../extole/extole-api.js';
import { checkProgramDomain } from '../extole/program-domain-check.js';
import { sweepFromStart } from '../orders/sweep.js';
import { addJob } from '../provision/enqueue.js';
import { lockStore } from '../provision/lock-store.js';
import { publicationOf } from '../provision/publication.js';
import { resumeRewards } from '../rewards/resume-rewards.js';
import { channelViews } from './channel-views.js';
import { accessTokenPurpose, verificationKeyPurpose } from './settings.js';

/** Whose settings are saved, and by whom. */
export interface Saver {
  readonly storeHash: string;
  readonly userId: number;
}

/**
 * Saves what a merchant set for a storefront and, where something on a storefront changes, has the store brought to it. All or
 * nothing: whatever is wrong, what was stored stays as it was.
 *
 * @returns What stands now; instead of it the conflict, when somebody else saved since.
 * @throws {AppError} `CHANNEL_UNKNOWN`, `SAME_AS_INVALID`, `STORE_NOT_INSTALLED` or a code of `checkAccessToken`.
 * @throws {z.ZodError} When the program domain is an internal address.
 */
export async function saveSettings(
  deps: AppDeps,
  saver: Saver,
  channelId: number,
  body: SaveBody,
): Promise<SaveAnswer | ConflictFailure> {
  const { config, db: database } = deps;
  const { storeHash } = saver;
  const known = requireChannel(await channelViews(config, database, storeHash), channelId);
  // Others are asked before the store is locked, since they take their time.
  if (body.settings.programDomain !== known.settings.programDomain) await refuseInternalAddress(deps, body);
  if (body.accessToken) await checkAccessToken(deps, body.accessToken);

  return database.transaction().execute(async (db) => {
    await lockStore(db, storeHash);
    const views = await channelViews(config, db, storeHash);
    const current = requireChannel(views, channelId);
    if (current.revision !== body.revision) return conflict(current);
    requireFitSameAs(views, channelId, body.sameAs);

    const storefronts = views.map(({ channelId: id, platform }) => ({ id, platform }));
    const before = await publicationOf(config, db, storeHash, storefronts);
    await write(deps, db, saver, channelId, body);
    const after = await publicationOf(config, db, storeHash, storefronts);
    const isNewlyOn = body.settings.isEnabled && !(current.savedAt !== null && current.settings.isEnabled);
    // Before what only wakes: whoever writes to both does so to the tables first, and then to the queue.
    if (isNewlyOn || body.sameAs !== current.sameAs) await sweepFromStart(deps.queue, db, storeHash);
    // A new token, or a switch: what waits for it need not wait longer.
    await resumeDeliveries(deps, db, storeHash, channelId);
    const isOtherAccount = body.accessToken !== undefined || body.sameAs !== current.sameAs;
    await resumeRewards(deps, db, storeHash, channelId, isOtherAccount);
    await deps.queue.wake('keep-webhooks', storeHash, { db });
    const job = isDeepStrictEqual(before, after) ? null : await addJob(deps, db, storeHash, 'save');
    const channel = requireChannel(await channelViews(config, db, storeHash), channelId);
    return { channel, job };
  });
}

function requireChannel(views: readonly ChannelView[], channelId: number): ChannelView {
  const view = views.find((one) => one.channelId === channelId);
  if (view) return view;
  const known = views.map(({ channelId: id, name }) => `${id} (${name})`).join(', ');
  throw new AppError(
    'CHANNEL_UNKNOWN',
    `the store has no storefront with the channel id ${channelId}. It has ${known || 'none'}.`,
    404,
  );
}

/**
 * Our server asks a program domain, and so must never be led into its own network. Any other problem keeps nobody from saving: a
 * domain is often set up here before its DNS entry is, or before Extole lists the storefront; the page says so.
 */
async function refuseInternalAddress(deps: AppDeps, { settings }: SaveBody): Promise<void> {
  const { programDomain } = settings;
  if (programDomain === '') return;
  const { problem } = await checkProgramDomain(deps, programDomain, null);
  if (problem !== 'internal-address') return;
  throw new z.ZodError([
    {
      code: 'custom',
      path: ['settings', 'programDomain'],
      message: 'It leads to an internal address. Enter the host name that stands in the Tech Center.',
      input: programDomain,
    },
  ]);
}

function conflict(current: ChannelView): ConflictFailure {
  return {
    code: 'SETTINGS_CHANGED',
    message: 'somebody else saved these settings meanwhile. Look at what stands now, and save again.',
    current,
  };
}

/** One step only: whoever follows another one is followed by nobody. */
function requireFitSameAs(views: readonly ChannelView[], channelId: number, sameAs: number | null): void {
  if (sameAs === null) return;
  const target = views.find((view) => view.channelId === sameAs);
  const follower = views.find((view) => view.sameAs === channelId);
  const problem =
    (sameAs === channelId && 'that is the storefront itself') ||
    (!target && 'the store has no such storefront') ||
    (target?.sameAs && `the settings of that one are those of storefront ${target.sameAs}`) ||
    (follower && `storefront ${follower.channelId} has the settings of this one`);
  if (!problem) return;
  throw new AppError(
    'SAME_AS_INVALID',
    `storefront ${channelId} can't have the settings of storefront ${sameAs}: ${problem}. Choose one that has settings of its own.`,
    422,
  );
}

async function write(
  { now, secrets }: AppDeps,
  db: Database,
  { storeHash, userId }: Saver,
  channelId: number,
  { revision, sameAs, settings, accessToken, verificationKey }: SaveBody,
): Promise<void> {
  const savedAt = now();
  const keep = (secret: string | null, purpose: string) => ({
    sealed: secret === null ? null : secrets.seal(secret, purpose),
    lastFour: secret === null ? null : lastFourOf(secret),
    savedAt: secret === null ? null : savedAt,
  });
  const token =
    accessToken === undefined ? undefined : keep(accessToken, accessTokenPurpose(storeHash, channelId));
  const key =
    verificationKey === undefined
      ? undefined
      : keep(verificationKey?.key ?? null, verificationKeyPurpose(storeHash, channelId));
  const row = {
    same_as: sameAs,
    settings: JSON.stringify({ ...settings, programDomain: settings.programDomain.trim().toLowerCase() }),
    revision: revision + 1,
    saved_at: savedAt,
    saved_by: userId,
    ...(token && {
      access_token: token.sealed,
      access_token_last_four: token.lastFour,
      access_token_saved_at: token.savedAt,
    }),
    ...(key && {
      verification_key: key.sealed,
      verification_key_id: verificationKey?.keyId ?? null,
      verification_key_last_four: key.lastFour,
      verification_key_saved_at: key.savedAt,
    }),
  };
  await db
    .insertInto('channel_settings')
    .values({ store_hash: storeHash, channel_id: channelId, ...row })
    .onConflict((conflict) => conflict.columns(['store_hash', 'channel_id']).doUpdateSet(row))
    .execute();
}

/** What of a secret is shown. Of a short one, four characters would be too much. */
export const lastFourOf = (secret: string): string => (secret.length >= 12 ? secret.slice(-4) : '····');
