import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { accessTokenPurpose, effectiveSettings } from '../../src/app/settings/settings.js';
import type { ConflictFailure, Failure, SaveAnswer, StateAnswer } from '../../src/catalog/admin-api.js';
import { DEFAULT_SETTINGS } from '../../src/catalog/settings.js';
import { COLLEAGUE, OWNER, type TestUser } from '../support/app.js';
import { appStore, EXTOLE_TOKEN } from '../support/app-store.js';

const store = appStore();

const stored = async () => {
  const { rows } = await sql`select * from channel_settings order by channel_id`.execute(store.test.deps.db);
  return rows;
};

describe('the state of a store', () => {
  it('has the defaults for a storefront that nobody saved', async () => {
    const { body } = await store.ask<StateAnswer>('GET', '/api/state');
    expect(body).toMatchObject({
      store: { storeHash: store.test.storeHash, name: 'Brand' },
      user: { email: OWNER.email, locale: 'en-US' },
    });
    expect(body.channels).toEqual([
      {
        channelId: 1,
        name: 'Brand',
        platform: 'bigcommerce',
        url: 'https://brand.example',
        pageBuilderUrl: `https://store-${store.test.storeHash}.mybigcommerce.com/manage/page-builder?channelId=1`,
        sameAs: null,
        settings: DEFAULT_SETTINGS,
        accessToken: null,
        verificationKey: null,
        revision: 0,
        savedAt: null,
        savedBy: null,
      },
    ]);
    expect(body.orderStatuses).toContainEqual({ id: 11, label: 'Waiting to be packed' });
  });

  it('offers no Page Builder for a Catalyst storefront', async () => {
    await store.addChannel(2, 'catalyst');
    await expect(store.channelView(2)).resolves.toMatchObject({ platform: 'catalyst', pageBuilderUrl: null });
  });
});

describe('what the page keeps for a user', () => {
  const notes = async (user = OWNER) =>
    (await store.ask<StateAnswer>('GET', '/api/state', { user })).body.notes;
  const keep = (content: unknown, { channelId = 1, user = OWNER, name = 'draft' } = {}) =>
    store.ask<Failure>('PUT', `/api/channels/${channelId}/notes/${name}`, { body: { content }, user });

  // `ask` reads JSON, of which a 204 has none.
  const put = async (content: unknown, options: Parameters<typeof keep>[1] = {}): Promise<number> => {
    const { channelId = 1, user = OWNER } = options;
    const answer = await store.test.app.inject({
      method: 'PUT',
      url: `/api/channels/${channelId}/notes/draft`,
      headers: await store.test.session(user),
      payload: { content },
    });
    return answer.statusCode;
  };

  it('comes back as it was, to that user only', async () => {
    const content = {
      text: "half a \ud800 character, a zero \u0000 and '; drop table note",
      list: [1, null],
    };
    expect(await put(content)).toBe(204);
    expect(await put({ of: 'another' }, { channelId: 2 })).toBe(204);
    expect(await notes()).toEqual([
      { channelId: 1, name: 'draft', content },
      { channelId: 2, name: 'draft', content: { of: 'another' } },
    ]);
    expect(await notes(COLLEAGUE)).toEqual([]);
  });

  it('is replaced, and removed', async () => {
    await put({ one: 1 });
    await put({ two: 2 });
    expect(await notes()).toEqual([{ channelId: 1, name: 'draft', content: { two: 2 } }]);
    await put(null);
    expect(await notes()).toEqual([]);
  });

  it('is refused when it is of an unknown kind, or too large', async () => {
    expect((await keep({}, { name: 'other' })).status).toBe(422);
    expect((await keep('x'.repeat(100_000))).status).toBe(413);
    expect(await notes()).toEqual([]);
  });

  it('goes with the user', async () => {
    await put({ one: 1 }, { user: COLLEAGUE });
    const jwt = await store.test.signedPayload({ user: COLLEAGUE });
    await store.test.app.inject({ url: '/remove_user', query: { signed_payload_jwt: jwt } });
    expect(await notes(COLLEAGUE)).toEqual([]);
  });
});

describe('saving', () => {
  it('keeps what was sent, and says who saved it', async () => {
    const zones = { ...DEFAULT_SETTINGS.zones, product: true };
    const { status, body } = await store.save<SaveAnswer>({ programDomain: ' Share.Brand.Example ', zones });
    expect(status).toBe(200);
    expect(body.channel).toMatchObject({
      revision: 1,
      savedBy: OWNER.email,
      savedAt: '2026-03-01T12:00:00.000Z',
      settings: { zones, programDomain: 'share.brand.example' },
    });
    await expect(store.channelView()).resolves.toEqual(body.channel);
  });

  it('brings the store up to date when something on the storefront changes', async () => {
    const { body } = await store.save<SaveAnswer>({ programDomain: 'share.brand.example' });
    expect(body.job).toMatchObject({ kind: 'save', state: 'waiting', steps: [], failure: null });
    await expect(store.queued('provision')).resolves.toMatchObject([
      { payload: { storeHash: store.test.storeHash, jobId: body.job?.id } },
    ]);
  });

  it('leaves the store alone when only what goes to Extole from our server changes', async () => {
    await store.save({ programDomain: 'share.brand.example' });
    await store.run('provision');
    const { body } = await store.save<SaveAnswer>({
      programLabel: 'summer',
      orderCreatedFields: ['partner_conversion_id'],
    });
    expect(body.job).toBeNull();
    await expect(store.queued('provision')).resolves.toEqual([]);
  });

  it('has nothing to do for a storefront without a program domain', async () => {
    const { body } = await store.save<SaveAnswer>({ orderConfirmation: true });
    expect(body.job).toBeNull();
  });

  it.each([
    ['SQL', `'; drop table store; --`],
    ['HTML', '<script>alert(1)</script>"\'&'],
    ['Handlebars', '{{customer.email}} <<order.id>>'],
  ])('gives back %s as it was typed', async (_what, text) => {
    const customEventData = [{ key: text, value: text }];
    const { status } = await store.save({ programLabel: text, customEventData });
    expect(status).toBe(200);
    const { settings } = await store.channelView();
    expect(settings).toMatchObject({ programLabel: text, customEventData });
  });

  it('refuses what would be more than text', async () => {
    await store.save({ programLabel: 'before' });
    const before = await stored();
    for (const programLabel of ['a\u0000b', 'a\nb', 'a\ud800b', 'x'.repeat(101)]) {
      const { status, body } = await store.save<Failure>({ programLabel });
      expect([status, body.code, body.issues?.[0]?.path]).toEqual([
        422,
        'INPUT_INVALID',
        'settings.programLabel',
      ]);
    }
    expect(await stored()).toEqual(before);
    const { status } = await store.save({ programLabel: 'x'.repeat(100) });
    expect(status).toBe(200);
  });

  it.each(['https://share.brand.com', 'xn--a.com', 'localhost:99999', ' '])(
    'refuses %j as a program domain, since nobody could be asked there',
    async (programDomain) => {
      const { status, body } = await store.save<Failure>({ programDomain });
      expect([status, body.issues?.[0]?.path]).toEqual([422, 'settings.programDomain']);
      expect(await stored()).toEqual([]);
    },
  );

  it('refuses settings that there are not, and 10,000 of them', async () => {
    await store.save({ programLabel: 'before' });
    const before = await stored();
    const { settings } = await store.channelView();
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`k${index}`, 1]));
    const save = async (unknown: object): Promise<number> => {
      const body = { revision: 1, sameAs: null, settings: { ...settings, ...unknown } };
      return (await store.ask('PUT', '/api/channels/1', { body })).status;
    };
    await expect(save({ isAdmin: true })).resolves.toBe(422);
    await expect(save(many)).resolves.toBe(422);
    // Fastify does not even read it.
    await expect(save(Object.fromEntries([['__proto__', {}]]))).resolves.toBe(400);
    expect(await stored()).toEqual(before);
  });

  it('refuses a storefront that the store has not', async () => {
    const body = { revision: 0, sameAs: null, settings: DEFAULT_SETTINGS };
    const answer = await store.ask<Failure>('PUT', '/api/channels/2', { body });
    expect(answer).toMatchObject({ status: 404, body: { code: 'CHANNEL_UNKNOWN' } });
    await expect(store.ask('PUT', '/api/channels/x', { body })).resolves.toMatchObject({ status: 422 });
    expect(await stored()).toEqual([]);
  });

  it('refuses a program domain that leads into our own network, and says where that stands', async () => {
    const { status, body } = await store.save<Failure>({ programDomain: 'localhost' });
    expect(status).toBe(422);
    expect(body).toMatchObject({ code: 'INPUT_INVALID', issues: [{ path: 'settings.programDomain' }] });
    expect(await stored()).toEqual([]);
  });

  it('has rewards that nothing was done about looked at again, where their account may be another one now', async () => {
    const { db, now } = store.test.deps;
    const ignored = {
      store_hash: store.test.storeHash,
      reward_id: '6957',
      channel_id: 1,
      heard_at: now(),
      created_at: now(),
      found_by: 'webhook',
      state: 'ignored',
      failure_code: 'REWARD_UNKNOWN',
    } as const;
    await db.insertInto('reward').values(ignored).execute();
    const state = async () => (await db.selectFrom('reward').select('state').executeTakeFirstOrThrow()).state;
    await store.save({ programLabel: 'another' });
    expect(await state()).toBe('ignored');
    await store.save({}, { accessToken: EXTOLE_TOKEN });
    expect(await state()).toBe('waiting');

    await db.updateTable('reward').set({ state: 'ignored', due_at: null }).execute();
    await store.addChannel(2);
    await store.save({ programLabel: 'of 2' }, {}, { channelId: 2 });
    expect(await state()).toBe('ignored');
    await store.save({}, { sameAs: 2 });
    expect(await state()).toBe('waiting');
  });

  it('takes a program domain that nobody answers at yet', async () => {
    const { status } = await store.save({ programDomain: 'not-yet.brand.example' });
    expect(status).toBe(200);
  });
});

describe('two users', () => {
  it('do not overwrite each other: the second one is shown what stands now', async () => {
    const { revision, sameAs, settings } = await store.channelView();
    const saveAs = (user: TestUser, programLabel: string) =>
      store.ask<SaveAnswer & ConflictFailure>('PUT', '/api/channels/1', {
        body: { revision, sameAs, settings: { ...settings, programLabel } },
        user,
      });
    const answers = await Promise.all([saveAs(OWNER, 'owner'), saveAs(COLLEAGUE, 'colleague')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const saved = answers.find(({ status }) => status === 200)?.body;
    const refused = answers.find(({ status }) => status === 409)?.body;
    expect(refused).toMatchObject({ code: 'SETTINGS_CHANGED', current: saved?.channel });
    await expect(store.channelView()).resolves.toEqual(saved?.channel);
  });

  it('save one after the other where the second one saw the first', async () => {
    await store.save({ programLabel: 'owner' });
    const { status, body } = await store.save<SaveAnswer>(
      { programLabel: 'colleague' },
      {},
      { user: COLLEAGUE },
    );
    expect(status).toBe(200);
    expect(body.channel).toMatchObject({ revision: 2, savedBy: COLLEAGUE.email });
  });
});

describe('settings of another storefront', () => {
  it('count for the one that names it, with their secrets, and its own wait', async () => {
    await store.addChannel(2);
    await store.save({ programDomain: 'share.brand.example' }, { accessToken: EXTOLE_TOKEN });
    const { status, body } = await store.save<SaveAnswer>(
      { programLabel: 'own' },
      { sameAs: 1 },
      { channelId: 2 },
    );
    expect(status).toBe(200);
    expect(body.job).not.toBeNull();
    expect(body.channel).toMatchObject({ sameAs: 1, settings: { programLabel: 'own', programDomain: '' } });
    const effective = await effectiveSettings(store.test.deps.db, store.test.storeHash, 2);
    expect(effective).toMatchObject({ channelId: 1, settings: { programDomain: 'share.brand.example' } });
    const { accessToken, channelId } = effective;
    const purpose = accessTokenPurpose(store.test.storeHash, channelId);
    expect(accessToken && store.test.deps.secrets.open(accessToken, purpose)).toBe(EXTOLE_TOKEN);
  });

  it.each([
    ['itself', 1, 1],
    ['one that the store has not', 1, 9],
    ['one that has those of another itself', 1, 2],
    ['another while it is named itself', 3, 1],
  ])('are refused for %s', async (_what, channelId, sameAs) => {
    await store.addChannel(2);
    await store.addChannel(3);
    await store.save({}, { sameAs: 3 }, { channelId: 2 });
    const before = await stored();
    const answer = await store.save<Failure>({}, { sameAs }, { channelId });
    expect(answer).toMatchObject({ status: 422, body: { code: 'SAME_AS_INVALID' } });
    expect(await stored()).toEqual(before);
  });

  it('never lead in a circle, though both are saved at once', async () => {
    await store.addChannel(2);
    const answers = await Promise.all([
      store.save({}, { sameAs: 2 }, { channelId: 1 }),
      store.save({}, { sameAs: 1 }, { channelId: 2 }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 422]);
  });
});

describe('secrets', () => {
  it('are asked about before they are kept, and shown by their end only', async () => {
    const { body } = await store.save<SaveAnswer>({}, { accessToken: ` ${EXTOLE_TOKEN} ` });
    expect(body.channel.accessToken).toEqual({ lastFour: '9876', savedAt: '2026-03-01T12:00:00.000Z' });
    expect(JSON.stringify([body, await stored(), store.test.logged()])).not.toContain(EXTOLE_TOKEN);
    const { accessToken } = await effectiveSettings(store.test.deps.db, store.test.storeHash, 1);
    expect(accessToken?.includes(EXTOLE_TOKEN)).toBe(false);
  });

  it.each([
    ['that Extole refuses', 'wrong-token', undefined, 422, 'ACCESS_TOKEN_REFUSED'],
    ['that Extole says nothing about', EXTOLE_TOKEN, { status: 404, body: {} }, 503, 'EXTOLE_UNAVAILABLE'],
  ])('are not kept %s, nor is the rest', async (_what, accessToken, answer, status, code) => {
    if (answer) store.setExtole(answer);
    const saved = await store.save<Failure>({ programLabel: 'new' }, { accessToken });
    expect(saved).toMatchObject({ status, body: { code } });
    expect(await stored()).toEqual([]);
  });

  it('stay as they are when none are sent, and go when that is wanted', async () => {
    const verificationKey = { keyId: 'key-1', key: `${'k'.repeat(28)}wxyz` };
    await store.save({}, { accessToken: EXTOLE_TOKEN, verificationKey });
    store.setNow(new Date('2026-03-02T12:00:00Z'));
    const kept = await store.save<SaveAnswer>({ programLabel: 'new' });
    expect(kept.body.channel).toMatchObject({
      accessToken: { lastFour: '9876', savedAt: '2026-03-01T12:00:00.000Z' },
      verificationKey: { keyId: 'key-1', lastFour: 'wxyz', savedAt: '2026-03-01T12:00:00.000Z' },
    });
    const gone = await store.save<SaveAnswer>({}, { accessToken: null, verificationKey: null });
    expect(gone.body.channel).toMatchObject({ accessToken: null, verificationKey: null });
    await expect(effectiveSettings(store.test.deps.db, store.test.storeHash, 1)).resolves.toMatchObject({
      accessToken: null,
      verificationKey: null,
    });
  });

  it.each([
    ['abcdefghijk', '····'],
    ['abcdefghijkl', 'ijkl'],
  ])('show of %s no more than %s', async (accessToken, lastFour) => {
    store.setExtole({ status: 200, body: { access_token: accessToken } });
    const { body } = await store.save<SaveAnswer>({}, { accessToken });
    expect(body.channel.accessToken?.lastFour).toBe(lastFour);
  });

  it.each(['tok\u0000en', 'tok en', 'tök', ''])('are refused where they can be none: %j', async (text) => {
    const key = 'k'.repeat(32);
    for (const secrets of [{ accessToken: text }, { verificationKey: { keyId: text, key } }]) {
      const answer = await store.save<Failure>({}, secrets);
      expect(answer).toMatchObject({ status: 422, body: { code: 'INPUT_INVALID' } });
    }
  });

  it('are refused where the key is shorter than Extole makes them', async () => {
    const save = (length: number) =>
      store.save({}, { verificationKey: { keyId: 'a', key: 'k'.repeat(length) } });
    await expect(save(31)).resolves.toMatchObject({ status: 422 });
    await expect(save(32)).resolves.toMatchObject({ status: 200 });
  });
});
