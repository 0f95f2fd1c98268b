import { randomBytes } from 'node:crypto';
import { AppError } from '../app-error.js';
import type { AppDeps } from '../deps.js';
import { emailHash } from '../privacy/email-hash.js';
import { effectiveSettings } from '../settings/settings.js';
import { requireChannel } from '../stores/require-channel.js';

/**
 * Adds an event that shows whether events of a storefront arrive. It looks like an order of its user's, and Extole keeps it out of its reports.
 *
 * Source: Extole, "Exclude Test Data from Analytics", `container`.
 *
 * @param email - Of who asks for it.
 * @returns The id of the event, which waits to be delivered.
 * @throws {AppError} 404 `CHANNEL_UNKNOWN`, 409 `ACCESS_TOKEN_MISSING` or `STOREFRONT_OFF`
 */
export async function addTestEvent(
  { db: database, now, queue }: Pick<AppDeps, 'db' | 'now' | 'queue'>,
  storeHash: string,
  channelId: number,
  email: string,
): Promise<string> {
  return database.transaction().execute(async (db) => {
    await requireChannel(db, storeHash, channelId);
    const { accessToken, settings } = await effectiveSettings(db, storeHash, channelId);
    if (!accessToken) {
      throw new AppError(
        'ACCESS_TOKEN_MISSING',
        `storefront ${channelId} has no access token of Extole's, and sends nothing without one. Enter one on the settings page and save.`,
        409,
      );
    }
    if (!settings.isEnabled) {
      throw new AppError(
        'STOREFRONT_OFF',
        `storefront ${channelId} is switched off, and tells Extole nothing. Switch it on, on the settings page, and save.`,
        409,
      );
    }
    const { orderEvents, programLabel } = settings;
    const data = {
      partner_conversion_id: `test-${randomBytes(9).toString('base64url')}`,
      email,
      cart_value: '1.00',
      currency: 'USD',
      container: 'test',
      ...(programLabel && { labels: programLabel }),
    };
    const { id } = await db
      .insertInto('event')
      .values({
        store_hash: storeHash,
        channel_id: channelId,
        order_id: null,
        kind: 'test',
        name: orderEvents.created.name,
        occurred_at: now(),
        created_at: now(),
        data: JSON.stringify(data),
        email_hash: emailHash(storeHash, email),
        state: 'waiting',
        due_at: now(),
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    await queue.wake('deliver', storeHash, { db });
    return id;
  });
}
