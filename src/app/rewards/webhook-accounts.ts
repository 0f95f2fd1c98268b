import { sql } from 'kysely';
import type { WebhookProof } from '../../catalog/rewards.js';
import type { AppDeps } from '../deps.js';

/** The storefront that a webhook's address names. */
export interface WebhookAddress {
  readonly storeHash: string;
  readonly channelId: number;
}

/** Whose Extole account a webhook comes from, if it is proven. */
export interface WebhookAccount {
  readonly storeHash: string;
  /** The storefront whose account it is: another than the address names where that one follows it. */
  readonly channelId: number;
  readonly proof: WebhookProof;
  /** Opens for `rewardWebhookKeyPurpose` of the account. */
  readonly sealedKey: Buffer;
  /** When the last webhook was noted. */
  readonly webhookAt: Date | null;
}

/** How long a webhook stands for those that follow it. */
const NOTED_MS = 60_000;

/**
 * Looks up the accounts of several addresses at once.
 *
 * @returns Finds the account of one of them; `undefined` where nobody set a client key, or the store does not have the app.
 */
export async function webhookAccounts(
  { db }: Pick<AppDeps, 'db'>,
  addresses: readonly WebhookAddress[],
): Promise<(address: WebhookAddress) => WebhookAccount | undefined> {
  const { rows } = await sql<WebhookAccount & { readonly addressed: number }>`
    select store_hash as "storeHash", address.channel_id as addressed, rewards.channel_id as "channelId",
      rewards.settings ->> 'webhookProof' as proof, webhook_key as "sealedKey", webhook_at as "webhookAt"
    from (
      select distinct *
      from unnest(${addresses.map(({ storeHash }) => storeHash)}::text[], ${addresses.map(({ channelId }) => channelId)}::bigint[])
        as asked (store_hash, channel_id)
    ) as address
    join store using (store_hash)
    left join channel_settings as saved using (store_hash, channel_id)
    join reward_settings as rewards using (store_hash)
    where store.uninstalled_at is null and webhook_key is not null
      and rewards.channel_id = coalesce(saved.same_as, address.channel_id)`.execute(db);
  return ({ storeHash, channelId }) =>
    rows.find((row) => row.storeHash === storeHash && row.addressed === channelId);
}

/**
 * Notes that Extole's webhooks arrive, once a minute at most. Settles when that is on the disk. Whoever writes the same row at the moment is
 * not waited for: the next webhook is noted as well.
 */
export async function noteWebhooks(
  { db, now }: Pick<AppDeps, 'db' | 'now'>,
  accounts: readonly WebhookAccount[],
): Promise<void> {
  const at = now();
  const noted = new Date(at.getTime() - NOTED_MS);
  const due = accounts.filter(({ webhookAt }) => webhookAt === null || webhookAt <= noted);
  if (due.length === 0) return;
  await sql`
    update reward_settings as rewards set webhook_at = ${at}
    from (
      select store_hash, channel_id from reward_settings
      where (store_hash, channel_id) in (
          select * from unnest(${due.map(({ storeHash }) => storeHash)}::text[], ${due.map(({ channelId }) => channelId)}::bigint[])
        )
        and (webhook_at is null or webhook_at <= ${noted})
      for update skip locked
    ) as due
    where rewards.store_hash = due.store_hash and rewards.channel_id = due.channel_id`.execute(db);
}
