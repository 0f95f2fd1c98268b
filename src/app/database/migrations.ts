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
};
