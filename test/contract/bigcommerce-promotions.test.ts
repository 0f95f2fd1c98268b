import { describe, expect, it } from 'vitest';
import {
  addCode,
  codesOf,
  createPromotion,
  findCode,
} from '../../examples/sandbox/bigcommerce/promotions.js';
import type { CodegenFields } from '../../src/store/promotion-types.js';
import { apiStore } from '../support/api-store.js';
import { hasSpecifications, nonconformities, reason } from '../support/openapi.js';

const store = apiStore();

const ONCE = { max_uses: 1, max_uses_per_customer: 1 };
const DRAW: CodegenFields = {
  ...ONCE,
  batch_size: 1,
  prefix: 'THANKS-K7QX2M4P',
  delimiter: '-',
  code_length: 6,
  exclude_characters: ['0', 'O', '1', 'I', 'L'],
};
const COUPON = { redemption_type: 'COUPON', name: 'Advocates', rules: [percentRule('10')] };
const AUTOMATIC = { ...COUPON, redemption_type: 'AUTOMATIC' };

function percentRule(percentage_amount: string) {
  return { action: { cart_value: { discount: { percentage_amount } } } };
}

async function call(method: string, path: string, body?: object) {
  const response = await fetch(`${store.api.url}/stores/store1/v3/promotions${path}`, {
    method,
    headers: {
      accept: 'application/json',
      'x-auth-token': store.api.accessToken,
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text ? JSON.parse(text) : undefined };
}
const create = async (body: object): Promise<number> => (await call('POST', '', body)).body.data.id;

describe('a promotion', () => {
  it('is made with what was said, and the rest as BigCommerce has it', async () => {
    const { status, body } = await call('POST', '', { ...COUPON, coupon_type: 'BULK', max_uses: 100 });
    expect(status).toBe(201);
    expect(body.data).toMatchObject({
      name: 'Advocates',
      redemption_type: 'COUPON',
      coupon_type: 'BULK',
      status: 'ENABLED',
      max_uses: 100,
      current_uses: 0,
      channels: [],
      end_date: null,
      created_from: 'api',
      multiple_codes: { has_multiple_codes: false },
    });
    expect((await call('GET', `/${body.data.id}`)).body).toEqual(body);
  });

  it('with a coupon has a single one unless it says otherwise, and an automatic one has none', async () => {
    const single = await call('POST', '', COUPON);
    expect(single.body.data.coupon_type).toBe('SINGLE');
    const automatic = await call('POST', '', AUTOMATIC);
    expect(automatic.body.data).not.toHaveProperty('coupon_type');
    expect(single.body.data).not.toHaveProperty('max_uses');
  });

  it('changes in what is named, but for its type', async () => {
    const id = await create({ ...COUPON, coupon_type: 'BULK', max_uses: 5 });
    const { status, body } = await call('PUT', `/${id}`, { status: 'DISABLED' });
    expect([status, body.data.status, body.data.max_uses]).toEqual([200, 'DISABLED', 5]);
    for (const change of [{ coupon_type: 'SINGLE' }, { redemption_type: 'AUTOMATIC' }])
      expect((await call('PUT', `/${id}`, change)).status).toBe(422);
  });

  it('is deleted once it has no codes', async () => {
    const id = await create(COUPON);
    addCode(store.content, id, { code: 'FRIEND' });
    expect((await call('DELETE', `/${id}`)).status).toBe(422);
    expect((await call('DELETE', '/codes?code=FRIEND')).status).toBe(204);
    for (const _ of [1, 2]) expect((await call('DELETE', `/${id}`)).status).toBe(204);
    expect((await call('GET', `/${id}`)).status).toBe(404);
  });

  it.each([
    ['a name', { ...COUPON, name: undefined }],
    ['rules', { ...COUPON, rules: [] }],
    ['a redemption type that is known', { ...COUPON, redemption_type: 'GIFT' }],
    [
      'amounts as text',
      { ...COUPON, rules: [{ action: { cart_value: { discount: { fixed_amount: 5 } } } }] },
    ],
    ['dates', { ...COUPON, end_date: 'soon' }],
  ])('needs %s', async (_what, body) => {
    expect((await call('POST', '', body)).status).toBe(422);
    expect(store.content.promotions.size).toBe(0);
    store.api.clearCalls();
  });

  it('is found by what it is', async () => {
    createPromotion(store.content, { name: 'B', channels: [{ id: 2 }], status: 'DISABLED' });
    createPromotion(store.content, { name: 'A', redemption_type: 'AUTOMATIC', currency_code: 'EUR' });
    const names = async (query: string): Promise<string[]> =>
      (await call('GET', `?${query}`)).body.data.map(({ name }: { name: string }) => name);
    expect(await names('')).toEqual(['B', 'A']);
    expect(await names('sort=name')).toEqual(['A', 'B']);
    expect(await names('sort=id&direction=desc')).toEqual(['A', 'B']);
    expect(await names('redemption_type=coupon')).toEqual(['B']);
    expect(await names('status=ENABLED')).toEqual(['A']);
    expect(await names('currency_code=EUR')).toEqual(['A']);
    expect(await names('channels=1,3')).toEqual(['A']);
    expect(await names('channels=2')).toEqual(['B', 'A']);
    expect(await names('limit=1&page=2')).toEqual(['A']);
  });

  it('is for who may do the marketing', async () => {
    const { id } = createPromotion(store.content);
    store.api.setScopes(['store_v2_content']);
    expect((await call('GET', '')).status).toBe(403);
    store.api.setScopes(['store_v2_marketing_read_only']);
    expect((await call('GET', '')).status).toBe(200);
    expect((await call('POST', `/${id}/codes`, { code: 'A' })).status).toBe(403);
    store.api.setScopes(['store_v2_marketing']);
    expect((await call('POST', `/${id}/codes`, { code: 'A' })).status).toBe(201);
  });
});

describe('the codes of a promotion', () => {
  it('are for any number of uses unless they say otherwise', async () => {
    const { id } = createPromotion(store.content, { coupon_type: 'SINGLE' });
    const { status, body } = await call('POST', `/${id}/codes`, { code: 'Friend of mine_1-2' });
    expect([status, body.data]).toEqual([
      201,
      {
        id: expect.any(Number),
        code: 'Friend of mine_1-2',
        max_uses: 0,
        max_uses_per_customer: 0,
        current_uses: 0,
        created: expect.any(String),
      },
    ]);
  });

  it('are refused when some promotion has one of the name, whatever its case', async () => {
    const [one, other] = [createPromotion(store.content), createPromotion(store.content)];
    expect((await call('POST', `/${one.id}/codes`, { code: 'FRIEND' })).status).toBe(201);
    for (const [id, code] of [
      [one.id, 'FRIEND'],
      [other.id, 'friend'],
    ]) {
      const { status, body } = await call('POST', `/${id}/codes`, { code });
      expect(status).toBe(422);
      expect(body).toEqual({
        errors: [
          { status: 422, title: expect.stringContaining(`code: The code ${code} is in use already.`) },
        ],
      });
    }
    expect(store.content.couponCodes.size).toBe(1);
  });

  it.each([{ code: '' }, { code: 'é' }, { code: 'A'.repeat(51) }, {}])('are refused as %j', async (body) => {
    const { id } = createPromotion(store.content);
    expect((await call('POST', `/${id}/codes`, body)).status).toBe(422);
    store.api.clearCalls();
  });

  it('belong to no automatic promotion, and to none that does not exist', async () => {
    const { id } = createPromotion(store.content, { redemption_type: 'AUTOMATIC' });
    expect((await call('POST', `/${id}/codes`, { code: 'A' })).status).toBe(422);
    expect((await call('POST', `/${id + 1}/codes`, { code: 'A' })).status).toBe(404);
  });

  it('are drawn in bulk, once each, as it is asked for', async () => {
    const { id } = createPromotion(store.content);
    const { status, body } = await call('POST', `/${id}/codegen`, { ...DRAW, batch_size: 250, suffix: 'X' });
    expect(status).toBe(201);
    expect(body.data).toMatchObject({ ...ONCE, batch_size: 250 });
    const codes: string[] = body.data.codes.map(({ code }: { code: string }) => code);
    expect(new Set(codes).size).toBe(250);
    for (const code of codes) expect(code).toMatch(/^THANKS-K7QX2M4P-[A-HJKMNP-Z2-9]{6}-X$/);
    expect(codesOf(store.content, id).map(({ code }) => code)).toEqual(codes);
  });

  it('are drawn as one word of 16 characters, for one use, where nothing else is said', async () => {
    const { id } = createPromotion(store.content);
    const { body } = await call('POST', `/${id}/codegen`, { batch_size: 1, delimiter: '-' });
    expect(body.data).toMatchObject({ ...ONCE, codes: [{ code: expect.stringMatching(/^[A-Z0-9]{16}$/) }] });
  });

  it('are not drawn for a promotion that has a single one or none', async () => {
    for (const said of [{ coupon_type: 'SINGLE' }, { redemption_type: 'AUTOMATIC' }] as const) {
      const { id } = createPromotion(store.content, said);
      expect((await call('POST', `/${id}/codegen`, DRAW)).status).toBe(405);
    }
    expect(store.content.couponCodes.size).toBe(0);
  });

  it.each([
    { batch_size: 0 },
    { batch_size: 251 },
    { code_length: 5 },
    { code_length: 17 },
    { prefix: 'A'.repeat(21) },
    { prefix: 'a' },
    { max_uses: 100_001 },
    { prefix: 'A'.repeat(20), suffix: 'A'.repeat(20), code_length: 9 },
    { exclude_characters: [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'] },
  ])('are not drawn by %j', async (said) => {
    const { id } = createPromotion(store.content);
    expect((await call('POST', `/${id}/codegen`, { ...DRAW, ...said })).status).toBe(422);
    expect(store.content.couponCodes.size).toBe(0);
    store.api.clearCalls();
  });

  it('are read by cursors both ways, and by pages', async () => {
    const { id } = createPromotion(store.content);
    for (const code of 'ABCDE') addCode(store.content, id, { code });
    addCode(store.content, createPromotion(store.content).id, { code: 'OTHER' });
    const page = async (query: string) => {
      const { body } = await call('GET', `/${id}/codes?${query}`);
      return {
        codes: body.data.map(({ code }: { code: string }) => code).join(''),
        cursors: body.meta.cursor_pagination,
        pages: body.meta.pagination,
      };
    };
    const first = await page('limit=2');
    expect(first).toMatchObject({ codes: 'AB', pages: { total: 5, total_pages: 3 } });
    expect(first.cursors.links).not.toHaveProperty('previous');
    const second = await page(`limit=2&after=${first.cursors.end_cursor}`);
    expect([second.codes, second.pages]).toEqual(['CD', undefined]);
    const last = await page(`limit=2&after=${second.cursors.end_cursor}`);
    expect(last.codes).toBe('E');
    // There is a link to a next page all the same.
    expect(last.cursors.links).toHaveProperty('next');
    const beyond = await page(`limit=2&after=${last.cursors.end_cursor}`);
    expect(beyond).toMatchObject({ codes: '', cursors: { links: {} } });
    expect((await page(`limit=2&before=${last.cursors.start_cursor}`)).codes).toBe('CD');
    expect(await page('limit=2&page=3')).toMatchObject({ codes: 'E', cursors: undefined });
    expect((await page('code=D')).codes).toBe('D');
    for (const query of ['after=x', `page=1&after=${first.cursors.end_cursor}`])
      expect((await call('GET', `/${id}/codes?${query}`)).status).toBe(422);
  });

  it('are found by their name, whichever promotion they are of', async () => {
    const { id } = createPromotion(store.content);
    addCode(store.content, id, { code: 'FRIEND' });
    expect((await call('GET', '/codes?code=FRIEND')).body.data).toMatchObject([{ code: 'FRIEND' }]);
    expect((await call('GET', '/codes?code=NOBODY')).body.data).toEqual([]);
  });

  it('are deleted, and may be gone already', async () => {
    const { id } = createPromotion(store.content);
    const code = addCode(store.content, id, { code: 'FRIEND' });
    const other = createPromotion(store.content);
    expect((await call('DELETE', `/${other.id}/codes/${code.id}`)).status).toBe(204);
    expect(findCode(store.content, 'FRIEND')).toBeDefined();
    for (const _ of [1, 2]) expect((await call('DELETE', `/${id}/codes/${code.id}`)).status).toBe(204);
    expect(findCode(store.content, 'FRIEND')).toBeUndefined();
  });
});

describe('the client', () => {
  it('reads promotions, and finds none where there is none', async () => {
    const { id } = createPromotion(store.content, { name: 'Friends', max_uses: 3 });
    const client = store.client();
    expect(await client.promotions()).toMatchObject([{ id, name: 'Friends', coupon_type: 'BULK' }]);
    expect(await client.promotion(id)).toMatchObject({ id, max_uses: 3, status: 'ENABLED' });
    expect(await client.promotion(id + 1)).toBeUndefined();
  });

  it('reads all promotions, however many pages they are', async () => {
    for (const _ of Array(251)) createPromotion(store.content);
    expect(new Set((await store.client().promotions()).map(({ id }) => id)).size).toBe(251);
  });

  it('makes a code, finds it, and deletes it', async () => {
    const { id } = createPromotion(store.content, { coupon_type: 'SINGLE' });
    const client = store.client();
    const made = await client.createPromotionCode(id, { code: 'THANKS-1', ...ONCE });
    expect(made).toMatchObject({ code: 'THANKS-1', ...ONCE, current_uses: 0 });
    expect(await client.promotionCode(id, 'THANKS-1')).toEqual(made);
    expect(await client.promotionCode(id, 'THANKS')).toBeUndefined();
    if (made === 'taken') throw new Error('It was free.');
    for (const _ of [1, 2]) await client.deletePromotionCode(id, made.id);
    expect(await client.promotionCode(id, 'THANKS-1')).toBeUndefined();
  });

  it('deletes many codes, 250 with a call, whether they are there or not', async () => {
    const { id } = createPromotion(store.content);
    const codes = Array.from({ length: 252 }, (_, index) =>
      addCode(store.content, id, { code: `A-${index}` }),
    );
    const [kept, ...others] = codes.map((code) => code.id);
    for (const _ of [1, 2]) await store.client().deletePromotionCodes(id, others);
    expect(codesOf(store.content, id).map((code) => code.id)).toEqual([kept]);
    expect(store.api.calls().filter(({ method }) => method === 'DELETE')).toHaveLength(4);
    await store.client().deletePromotionCodes(id, []);
    expect(store.api.calls().filter(({ method }) => method === 'DELETE')).toHaveLength(4);
  });

  it('finds codes of several prefixes in one reading', async () => {
    const { id } = createPromotion(store.content);
    for (const code of ['A-1', 'B-1', 'C-1']) addCode(store.content, id, { code });
    const found = await store.client().promotionCodesWith(id, ['A-', 'C-']);
    expect(found.map(({ code }) => code)).toEqual(['A-1', 'C-1']);
    expect(store.api.calls().filter(({ method }) => method === 'GET')).toHaveLength(1);
  });

  it('finds nothing in a promotion that is gone', async () => {
    const client = store.client();
    expect(await client.promotionCode(9, 'A')).toBeUndefined();
    expect(await client.promotionCodesWith(9, ['A'])).toEqual([]);
    await client.deletePromotionCode(9, 1);
  });

  it('says when a code is taken, in this promotion or another', async () => {
    const [one, other] = [createPromotion(store.content), createPromotion(store.content)];
    addCode(store.content, one.id, { code: 'THANKS-1' });
    const client = store.client();
    for (const { id } of [one, other])
      expect(await client.createPromotionCode(id, { code: 'THANKS-1', ...ONCE })).toBe('taken');
  });

  it('takes a conflict for a code that is taken', async () => {
    const { id } = createPromotion(store.content);
    store.api.setFault(({ method }) => (method === 'POST' ? { status: 409, body: {} } : undefined));
    expect(await store.client().createPromotionCode(id, { code: 'THANKS-1', ...ONCE })).toBe('taken');
  });

  it('does not take another refusal for a code that is taken', async () => {
    const { id } = createPromotion(store.content, { redemption_type: 'AUTOMATIC' });
    const client = store.client();
    const refused = await client
      .createPromotionCode(id, { code: 'THANKS-1', ...ONCE })
      .catch((error) => error);
    expect(refused).toMatchObject({ code: 'BIGCOMMERCE_REFUSED', status: 422, isOutcomeUnknown: false });
    expect(refused.message).toContain('An automatic promotion has no codes.');
    await expect(client.createPromotionCode(id + 1, { code: 'THANKS-1', ...ONCE })).rejects.toMatchObject({
      code: 'BIGCOMMERCE_NOT_FOUND',
    });
  });

  it('draws codes, and finds those of a prefix among all', async () => {
    const { id } = createPromotion(store.content);
    const client = store.client();
    const codes = await client.generatePromotionCodes(id, { ...DRAW, batch_size: 3 });
    expect(codes).toHaveLength(3);
    for (let index = 0; index < 260; index += 1) addCode(store.content, id, { code: `OTHER-${index}` });
    const [late] = await client.generatePromotionCodes(id, DRAW);
    const found = await client.promotionCodesWith(id, ['THANKS-K7QX2M4P-']);
    expect(found.map(({ code }) => code)).toEqual([...codes, late]);
    expect(found).toMatchObject([...codes, late].map(() => ONCE));
    expect(await client.promotionCodesWith(id, ['NOBODY-'])).toEqual([]);
  });

  it.each([249, 250, 251, 500])('finds all of %i codes', async (count) => {
    const { id } = createPromotion(store.content);
    for (let index = 0; index < count; index += 1) addCode(store.content, id, { code: `A-${index}` });
    expect(await store.client().promotionCodesWith(id, ['A-'])).toHaveLength(count);
  });

  it('says that codes can be drawn for bulk promotions only', async () => {
    const { id } = createPromotion(store.content, { coupon_type: 'SINGLE' });
    await expect(store.client().generatePromotionCodes(id, DRAW)).rejects.toMatchObject({
      code: 'BIGCOMMERCE_REFUSED',
      status: 405,
      isOutcomeUnknown: false,
    });
  });

  it.each([
    ['createPromotionCode', 'is lost', { drop: 'after' }, 1],
    ['createPromotionCode', 'never comes', { drop: 'before' }, 0],
    ['generatePromotionCodes', 'is lost', { drop: 'after' }, 1],
    ['generatePromotionCodes', 'never comes', { drop: 'before' }, 0],
    ['generatePromotionCodes', "is a gateway's", { status: 502 }, 0],
  ] as const)('does not ask twice when the answer of %s %s', async (name, _what, fault, made) => {
    const { id } = createPromotion(store.content);
    const client = store.client();
    store.api.setFault(({ method }) => (method === 'POST' ? fault : undefined));
    const asked =
      name === 'createPromotionCode'
        ? client.createPromotionCode(id, { code: 'THANKS-1', ...ONCE })
        : client.generatePromotionCodes(id, DRAW);
    await expect(asked).rejects.toMatchObject({ code: 'BIGCOMMERCE_UNAVAILABLE', isOutcomeUnknown: true });
    expect(store.writes()).toHaveLength(1);
    expect(store.content.couponCodes.size).toBe(made);
  });

  it('names the scope that is missing', async () => {
    store.api.setScopes(['store_v2_content']);
    const error = await store
      .client()
      .promotions()
      .catch((reason) => reason);
    expect(error).toMatchObject({ code: 'BIGCOMMERCE_SCOPE_MISSING' });
    expect(error.message).toContain('Marketing: modify (store_v2_marketing)');
  });

  it('never tells a code, neither where it logs nor where it fails', async () => {
    const { id } = createPromotion(store.content);
    const calls: string[] = [];
    const client = store.client({ onAttempt: ({ call: name }) => calls.push(name) });
    const code = 'SECRET-7QK2';
    await client.promotionCode(id, code);
    store.api.setFault(({ method }) =>
      method === 'POST' ? { status: 422, body: { errors: [{ title: `${code} is odd` }] } } : undefined,
    );
    const error = await client.createPromotionCode(id, { code, ...ONCE }).catch((reason) => reason);
    expect(error.message).toContain('[redacted] is odd');
    expect(calls).toHaveLength(3);
    for (const text of [...calls, error.message]) expect(text).not.toContain(code);
  });
});

describe.skipIf(!hasSpecifications)(`the stand-in, by BigCommerce's specification${reason}`, () => {
  it('is held to it: a member that is not known, or one that is missing, is found', async () => {
    const { id } = createPromotion(store.content);
    await call('GET', `/${id}`);
    const [good] = store.api.calls();
    if (!good) throw new Error('There was no call.');
    expect(nonconformities([good])).toEqual([]);
    const { data } = Object(good.answer);
    for (const answer of [{ data: { ...data, extra: 1 } }, { data: { ...data, name: undefined } }])
      expect(nonconformities([{ ...good, answer }])).not.toEqual([]);
  });
});
