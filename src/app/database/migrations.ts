import { type Migration, sql } from 'kysely';

/** The steps from an empty database to the tables of `tables.ts`. One that was released never changes; changes come as new ones. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-install-and-settings': {
    async up(db) {
      const statements = [
        sql`create table store (
          store_hash text primary key,
          name text not null,
          access_token bytea,
          scope text not null,
          token_refused_at timestamptz,
          webhook_secret bytea,
          order_statuses jsonb not null,
          published_sdk_url text,
          installed_at timestamptz not null,
          uninstalled_at timestamptz
        )`,
        sql`create table store_user (
          store_hash text not null references store on delete cascade,
          user_id bigint not null,
          email text not null,
          primary key (store_hash, user_id)
        )`,
        sql`create table channel (
          store_hash text not null references store on delete cascade,
          channel_id bigint not null,
          name text not null,
          platform text not null,
          url text,
          position int not null,
          primary key (store_hash, channel_id)
        )`,
        sql`create table channel_settings (
          store_hash text not null references store on delete cascade,
          channel_id bigint not null,
          same_as bigint,
          settings jsonb not null,
          revision int not null,
          saved_at timestamptz not null,
          saved_by bigint not null,
          access_token bytea,
          access_token_last_four text,
          access_token_saved_at timestamptz,
          verification_key bytea,
          verification_key_id text,
          verification_key_last_four text,
          verification_key_saved_at timestamptz,
          primary key (store_hash, channel_id)
        )`,
        sql`create table note (
          store_hash text not null,
          user_id bigint not null,
          channel_id bigint not null,
          name text not null,
          content json not null,
          primary key (store_hash, user_id, channel_id, name),
          foreign key (store_hash, user_id) references store_user on delete cascade
        )`,
        sql`create table job (
          id text primary key default gen_random_uuid()::text,
          store_hash text not null references store on delete cascade,
          kind text not null,
          state text not null,
          steps jsonb not null,
          failure_code text,
          failure_message text,
          created_at timestamptz not null,
          finished_at timestamptz
        )`,
        sql`create index job_of_store on job (store_hash, created_at desc)`,
        sql`create table store_look (
          store_hash text primary key references store on delete cascade,
          looked_at timestamptz,
          differences jsonb not null,
          notices jsonb not null,
          webhooks jsonb not null,
          failure_code text,
          failure_message text
        )`,
        sql`create table used_jwt (
          jwt_hash bytea primary key,
          expires_at timestamptz not null
        )`,
        sql`create table sdk_file (
          version text not null,
          name text not null,
          content bytea not null,
          brotli bytea not null,
          gzip bytea not null,
          added_at timestamptz not null,
          primary key (version, name)
        )`,
      ];
      for (const statement of statements) await statement.execute(db);
    },
  },

  '0002-orders-and-events': {
    async up(db) {
      const statements = [
        sql`create table store_order (
          store_hash text not null references store on delete cascade,
          order_id bigint not null,
          channel_id bigint,
          heard_count int not null default 1,
          heard_at timestamptz not null,
          found_by text not null,
          due_at timestamptz,
          priority smallint not null default 0,
          failed_looks int not null default 0,
          failure_code text,
          failure_message text,
          looked_at timestamptz,
          status_id int,
          modified_at timestamptz,
          outcome text,
          primary key (store_hash, order_id)
        )`,
        sql`create index store_order_due on store_order (store_hash, priority, due_at) where due_at is not null`,
        sql`create index store_order_overdue on store_order (due_at) where due_at is not null`,
        sql`create index store_order_failed on store_order (store_hash, due_at) where failure_code is not null`,
        sql`create table event (
          id uuid primary key default gen_random_uuid(),
          sequence bigint generated always as identity,
          store_hash text not null references store on delete cascade,
          channel_id bigint not null,
          order_id bigint,
          kind text not null,
          refund_id bigint not null default 0,
          name text not null,
          occurred_at timestamptz not null,
          created_at timestamptz not null,
          data json,
          customer_id bigint,
          email_hash bytea,
          state text not null,
          priority smallint not null default 0,
          due_at timestamptz,
          attempt_count int not null default 0,
          failing_since timestamptz,
          failure_code text,
          failure_message text,
          delivered_at timestamptz,
          extole_event_id text
        )`,
        // A test has no order: PostgreSQL takes any number of nulls.
        sql`create unique index event_once on event (store_hash, order_id, kind, refund_id)`,
        sql`create index event_due on event (store_hash, channel_id, priority, due_at, sequence) where state = 'waiting'`,
        sql`create index event_overdue on event (due_at) where state = 'waiting'`,
        sql`create index event_undelivered on event (store_hash, order_id, sequence) where state = 'waiting'`,
        sql`create index event_listed on event (store_hash, created_at desc, sequence desc)`,
        sql`create index event_given_up on event (store_hash, state, created_at desc, sequence desc)
          where state in ('dead', 'erased')`,
        // What was still undelivered at the end of a day, in UTC.
        sql`create index event_delivered_later on event (store_hash, delivered_at, created_at)
          where (delivered_at at time zone 'UTC')::date > (created_at at time zone 'UTC')::date`,
        sql`create index event_of_email on event (store_hash, email_hash) where email_hash is not null`,
        sql`create index event_of_customer on event (store_hash, customer_id) where customer_id is not null`,
        sql`create index event_with_payload on event (created_at) where data is not null`,
        sql`create table attempt (
          event_id uuid not null references event on delete cascade,
          number int not null,
          started_at timestamptz not null,
          duration_ms int,
          status int,
          outcome text not null,
          failure_code text,
          failure_message text,
          primary key (event_id, number)
        )`,
        sql`create table delivery_pause (
          store_hash text not null references store on delete cascade,
          channel_id bigint not null,
          reason text not null,
          since timestamptz not null,
          until timestamptz not null,
          failure_code text not null,
          failure_message text not null,
          primary key (store_hash, channel_id)
        )`,
        sql`create table order_sweep (
          store_hash text primary key references store on delete cascade,
          orders_since timestamptz not null,
          swept_to timestamptz not null,
          sweeping_to timestamptz,
          next_order_id bigint not null default 0,
          swept_at timestamptz,
          last_found int not null default 0,
          total_found int not null default 0,
          hooks_checked_at timestamptz
        )`,
        sql`insert into order_sweep (store_hash, orders_since, swept_to)
          select store_hash, now(), now() from store`,
        sql`create table order_import (
          id uuid primary key default gen_random_uuid(),
          store_hash text not null references store on delete cascade,
          since timestamptz not null,
          state text not null,
          next_order_id bigint not null default 0,
          found int not null default 0,
          failure_code text,
          failure_message text,
          asked_by bigint not null,
          created_at timestamptz not null,
          finished_at timestamptz
        )`,
        sql`create unique index order_import_running on order_import (store_hash) where state = 'running'`,
        sql`create table woken_webhook (
          store_hash text not null references store on delete cascade,
          scope text not null,
          woken_at timestamptz not null,
          primary key (store_hash, scope, woken_at)
        )`,
        sql`create table erasure (
          id uuid primary key default gen_random_uuid(),
          store_hash text not null references store on delete cascade,
          asked_by bigint not null,
          erased_by text not null,
          erased_at timestamptz not null,
          events int not null
        )`,
        // What settings have had since: what merchants chose stays.
        sql`update channel_settings set settings = settings
          || '{"cartValue": "subtotal", "eventEndpoint": "async"}'
          || jsonb_build_object('orderEvents', settings -> 'orderEvents'
            || '{"partially_refunded": {"isEnabled": false, "name": "partially_refunded", "statusIds": [14]},
                 "refunded": {"isEnabled": false, "name": "returned", "statusIds": [4]}}'
            || jsonb_build_object('created', settings -> 'orderEvents' -> 'created' || '{"timing": "status"}'))`,
      ];
      for (const statement of statements) await statement.execute(db);
    },
  },
  '0003-rewards': {
    async up(db) {
      const statements = [
        sql`create table reward_settings (
          store_hash text not null references store on delete cascade,
          channel_id bigint not null,
          settings jsonb not null,
          revision int not null,
          saved_at timestamptz not null,
          saved_by bigint not null,
          webhook_key bytea,
          webhook_key_last_four text,
          webhook_key_saved_at timestamptz,
          webhook_at timestamptz,
          poll_at timestamptz,
          polled_at timestamptz,
          earned_offset int not null default 0,
          taken_back_offset int not null default 0,
          failure_code text,
          failure_message text,
          primary key (store_hash, channel_id)
        )`,
        sql`create index reward_settings_poll on reward_settings (poll_at) where poll_at is not null`,
        sql`create table reward (
          store_hash text not null references store on delete cascade,
          reward_id text not null,
          channel_id bigint not null,
          heard_count int not null default 1,
          heard_at timestamptz not null,
          created_at timestamptz not null,
          found_by text not null,
          state text not null,
          is_replay boolean not null default false,
          supplier_id text,
          promotion_id bigint,
          due_at timestamptz,
          attempt_count int not null default 0,
          failing_since timestamptz,
          failure_code text,
          failure_message text,
          fulfilled_at timestamptz,
          primary key (store_hash, reward_id)
        )`,
        sql`create index reward_due on reward (store_hash, channel_id, due_at) where due_at is not null`,
        sql`create index reward_listed on reward (store_hash, created_at desc, reward_id)`,
        sql`create index reward_of_state on reward (store_hash, state, created_at desc, reward_id)`,
        sql`create index reward_counted on reward (store_hash, state, channel_id, failure_code)`,
        sql`create index reward_of_promotion on reward (store_hash, promotion_id, created_at desc, reward_id)`,
        sql`create table coupon_code (
          id uuid primary key default gen_random_uuid(),
          store_hash text not null references store on delete cascade,
          channel_id bigint not null,
          promotion_id bigint not null,
          code text,
          marker text not null,
          state text not null,
          reward_id text,
          bigcommerce_id bigint,
          created_at timestamptz not null,
          asked_count int not null default 0,
          max_uses int,
          max_uses_per_customer int,
          check_at timestamptz,
          made_at timestamptz,
          given_at timestamptz,
          deleted_at timestamptz
        )`,
        sql`create unique index coupon_code_once on coupon_code (store_hash, code) where code is not null`,
        sql`create unique index coupon_code_of_reward on coupon_code (store_hash, reward_id)
          where reward_id is not null and state <> 'deleted'`,
        sql`create index coupon_code_had on coupon_code (store_hash, reward_id, created_at)
          where reward_id is not null`,
        sql`create index coupon_code_ready on coupon_code (store_hash, promotion_id, made_at)
          where reward_id is null and state = 'made'`,
        sql`create index coupon_code_made on coupon_code (store_hash, promotion_id) where state = 'made'`,
        sql`create index coupon_code_given on coupon_code (store_hash, promotion_id, given_at)
          where given_at is not null`,
        sql`create index coupon_code_unsettled on coupon_code (store_hash, created_at) where state = 'asked'`,
        sql`create index coupon_code_check on coupon_code (store_hash, check_at) where check_at is not null`,
        sql`create table code_batch (
          id uuid primary key default gen_random_uuid(),
          store_hash text not null references store on delete cascade,
          channel_id bigint not null,
          promotion_id bigint not null,
          marker text not null,
          size int not null,
          max_uses int not null,
          max_uses_per_customer int not null,
          created_at timestamptz not null,
          asked_count int not null default 0
        )`,
        sql`create index code_batch_of_store on code_batch (store_hash)`,
      ];
      for (const statement of statements) await statement.execute(db);
    },
  },
};
