import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  type ApiCall,
  type BigCommerceApi,
  type Fault,
  startBigCommerceApi,
} from '../../examples/sandbox/bigcommerce/api.js';
import { emptyStore, type ScriptRecord } from '../../examples/sandbox/bigcommerce/store-content.js';
import {
  answerNonconformities,
  hasSpecifications,
  nonconformities,
  reason,
  requestNonconformities,
} from '../support/openapi.js';

const content = emptyStore({
  storeHash: 'store1',
  name: 'Sandbox Store',
  regions: new Map([
    ['pages/home', ['header_bottom--global', 'home_below_menu']],
    ['pages/product', ['header_bottom--global', 'product_below_price']],
  ]),
});
content.channels.set(2, { id: 2, name: 'Catalyst', platform: 'catalyst', status: 'prelaunch' });

let api: BigCommerceApi;
/** Every call of this file, for the comparison with the specifications at its end. */
const allCalls: ApiCall[] = [];
beforeAll(async () => {
  api = await startBigCommerceApi({ content, site: () => 'https://brand.example' });
});
afterEach(() => {
  api.setFault();
  api.setScopes();
  api.setRateLimit();
  api.setFeatures();
  api.setOneTagPerScript(false);
  allCalls.push(...api.calls());
  api.clearCalls();
  for (const records of [
    content.scripts,
    content.widgetTemplates,
    content.widgets,
    content.placements,
    content.hooks,
  ])
    records.clear();
});
afterAll(() => api.close());

async function call(method: string, path: string, body?: object, init: RequestInit = {}) {
  const response = await fetch(`${api.url}/stores/store1${path}`, {
    method,
    headers: {
      accept: 'application/json',
      'x-auth-token': api.accessToken,
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
    ...init,
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: text ? JSON.parse(text) : {} };
}

type Answer = Awaited<ReturnType<typeof call>>;

const get = (path: string): Promise<Answer> => call('GET', path);
const statusOf = async (answer: Promise<Answer>): Promise<number> => (await answer).status;

const SCRIPTS = '/v3/content/scripts';
const TEMPLATES = '/v3/content/widget-templates';
const WIDGETS = '/v3/content/widgets';
const PLACEMENTS = '/v3/content/placements';
const HOOKS = '/v3/hooks';

const INLINE = { name: 'Inline', kind: 'script_tag', html: '<script>1</script>' };
const HOSTED = { name: 'Hosted', kind: 'src', src: 'https://cdn.example/sdk.js' };
const HOOK = { scope: 'store/channel/created', destination: 'https://app.example/hooks' };
const TEMPLATE = { name: 'Greeting', template: '<p>Hello {{name}}</p>' };

/** Creates a record, and answers with what the API says of it. */
async function create(path: string, body: object) {
  const answer = await call('POST', path, body);
  expect(answer.text).toContain('"uuid"');
  return answer.body.data;
}
const createWidget = async (fields: object = {}) =>
  create(WIDGETS, {
    name: 'Hello',
    widget_template_uuid: (await create(TEMPLATES, TEMPLATE)).uuid,
    ...fields,
  });

describe('a script', () => {
  it('is created, found, changed in what is named, and deleted', async () => {
    const created = await create(SCRIPTS, { ...INLINE, consent_category: 'targeting', auto_uninstall: true });
    expect(created).toMatchObject({
      ...INLINE,
      consent_category: 'targeting',
      auto_uninstall: true,
      load_method: 'default',
      visibility: 'storefront',
      enabled: true,
      channel_id: 1,
    });
    const at = `${SCRIPTS}/${created.uuid}`;
    expect((await get(at)).body.data).toEqual(created);
    expect((await get(SCRIPTS)).body.data).toEqual([created]);

    const changed = await call('PUT', at, { enabled: false });
    expect(changed.body.data).toEqual({ ...created, enabled: false, date_modified: expect.any(String) });
    expect((await get(at)).body.data).toEqual(changed.body.data);

    expect(await call('DELETE', at)).toMatchObject({ status: 204, text: '' });
    expect(await statusOf(get(at))).toBe(404);
    expect(await statusOf(call('PUT', at, { enabled: true }))).toBe(404);
    expect(await statusOf(call('DELETE', at))).toBe(404);
  });

  const tags = (count: number): object => ({ ...INLINE, html: INLINE.html.repeat(count) });
  const html = (length: number): object => ({ ...INLINE, html: INLINE.html.padEnd(length) });
  const hashes = (count: number): object => ({ ...HOSTED, integrity_hashes: Array(count).fill('sha256-x') });
  it.each([
    ['name', { ...HOSTED, name: 'n' }, { ...HOSTED, name: '' }],
    ['name', { ...HOSTED, name: 'n'.repeat(255) }, { ...HOSTED, name: 'n'.repeat(256) }],
    ['name', HOSTED, { kind: 'src', src: HOSTED.src }],
    ['html', html(65_536), html(65_537)],
    ['html', tags(1), tags(0)],
    ['html', tags(5), tags(6)],
    ['html', HOSTED, { ...HOSTED, html: INLINE.html }],
    ['src', INLINE, { ...INLINE, src: HOSTED.src }],
    ['src', HOSTED, { ...HOSTED, src: '' }],
    ['load_method', { ...INLINE, load_method: 'default' }, { ...INLINE, load_method: 'defer' }],
    ['load_method', { ...HOSTED, load_method: 'async' }, { ...HOSTED, load_method: 'lazy' }],
    ['integrity_hashes', hashes(5), hashes(6)],
    ['integrity_hashes', INLINE, { ...INLINE, integrity_hashes: ['sha256-x'] }],
    ['location', { ...HOSTED, location: 'footer' }, { ...HOSTED, location: 'body' }],
    ['visibility', { ...HOSTED, visibility: 'order_confirmation' }, { ...HOSTED, visibility: 'cart' }],
    ['consent_category', { ...HOSTED, consent_category: 'functional' }, { ...HOSTED, consent_category: '' }],
    ['channel_id', { ...HOSTED, channel_id: 2 }, { ...HOSTED, channel_id: 3 }],
  ])('has a limit on its %s (%#)', async (member, fits, doesNot) => {
    expect(await statusOf(call('POST', SCRIPTS, fits))).toBe(200);
    const refused = await call('POST', SCRIPTS, doesNot);
    expect(refused.status).toBe(422);
    expect(Object.keys(refused.body.errors)).toEqual([member]);
    expect((await get(SCRIPTS)).body.data).toHaveLength(1);
  });

  it('counts the script tags as a browser does', async () => {
    api.setOneTagPerScript(true);
    const html = '<script>\n  document.write("<script>");\n</script>';
    expect(await statusOf(call('POST', SCRIPTS, { ...INLINE, html }))).toBe(200);
  });

  it('may be held to one script tag, as the specification says', async () => {
    const two = { ...INLINE, html: INLINE.html.repeat(2) };
    api.setOneTagPerScript(true);
    const refused = await call('POST', SCRIPTS, two);
    expect([refused.status, Object.keys(refused.body.errors)]).toEqual([422, ['html']]);
    expect(await statusOf(call('POST', SCRIPTS, INLINE))).toBe(200);
    api.setOneTagPerScript(false);
    expect(await statusOf(call('POST', SCRIPTS, two))).toBe(200);
  });

  it('is one of ten that an app may have', async () => {
    const scripts = [];
    for (let count = 0; count < 10; count += 1) scripts.push(await create(SCRIPTS, HOSTED));
    expect(await statusOf(call('POST', SCRIPTS, HOSTED))).toBe(422);
    await call('DELETE', `${SCRIPTS}/${scripts[4]?.uuid}`);
    expect(await statusOf(call('POST', SCRIPTS, HOSTED))).toBe(200);
  });

  /** Scripts that a merchant made in Script Manager. */
  const addForeign = (count: number): ScriptRecord[] =>
    Array.from({ length: count }, (_, index) => {
      const script: ScriptRecord = {
        ...HOSTED,
        kind: 'src',
        uuid: `00000000-0000-4000-8000-0000000000${10 + index}`,
        description: '',
        html: '',
        auto_uninstall: false,
        load_method: 'default',
        location: 'head',
        visibility: 'storefront',
        api_client_id: '',
        consent_category: 'essential',
        enabled: true,
        channel_id: 1,
        integrity_hashes: [],
        date_created: '2024-01-02T03:04:05Z',
        date_modified: '2024-01-02T03:04:05Z',
      };
      content.scripts.set(script.uuid, script);
      return script;
    });

  it('is one of fifty on its channel', async () => {
    addForeign(49);
    expect(await statusOf(call('POST', SCRIPTS, HOSTED))).toBe(200);
    expect(await statusOf(call('POST', SCRIPTS, HOSTED))).toBe(422);
    expect(await statusOf(call('POST', SCRIPTS, { ...HOSTED, channel_id: 2 }))).toBe(200);
  });

  it("is hidden from the API where it is somebody else's", async () => {
    const [foreign] = addForeign(1);
    expect((await get(SCRIPTS)).body.data).toEqual([]);
    expect(await statusOf(get(`${SCRIPTS}/${foreign?.uuid}`))).toBe(404);
    expect(await statusOf(call('DELETE', `${SCRIPTS}/${foreign?.uuid}`))).toBe(404);
    expect(content.scripts.size).toBe(1);
  });

  it('needs one more scope on checkout pages, whether it is created there or moved there', async () => {
    const { uuid } = await create(SCRIPTS, HOSTED);
    const statuses = async (): Promise<number[]> => {
      const seen = [];
      for (const visibility of ['storefront', 'order_confirmation', 'all_pages', 'checkout']) {
        seen.push(await statusOf(call('POST', SCRIPTS, { ...HOSTED, visibility })));
        seen.push(await statusOf(call('PUT', `${SCRIPTS}/${uuid}`, { visibility })));
      }
      return seen;
    };
    expect(await statuses()).toEqual(Array(8).fill(200));
    api.setScopes(['store_v2_content']);
    expect(await statuses()).toEqual([200, 200, 200, 200, 403, 403, 403, 403]);
  });

  it('has the consent category "unknown" where nobody gave one', async () => {
    expect((await create(SCRIPTS, HOSTED)).consent_category).toBe('unknown');
  });

  it('leaves behind what it has as one kind when it becomes the other', async () => {
    const { uuid } = await create(SCRIPTS, { ...HOSTED, integrity_hashes: ['sha256-x'] });
    const inline = await call('PUT', `${SCRIPTS}/${uuid}`, INLINE);
    expect(inline.body.data).toMatchObject(INLINE);
    expect(inline.body.data).not.toHaveProperty('src');
    expect(inline.body.data).not.toHaveProperty('integrity_hashes');
    const hosted = await call('PUT', `${SCRIPTS}/${uuid}`, HOSTED);
    expect(hosted.body.data).toMatchObject({ ...HOSTED, integrity_hashes: [] });
    expect(hosted.body.data).not.toHaveProperty('html');
  });

  it('is listed by channel and in the order that is asked for', async () => {
    for (const [name, channel_id] of [
      ['b', 1],
      ['c', 2],
      ['a', 1],
    ])
      await create(SCRIPTS, { ...HOSTED, name, channel_id });
    const names = async (query: string): Promise<string[]> =>
      (await get(`${SCRIPTS}?${query}`)).body.data.map(({ name }: { name: string }) => name);
    expect(await names('')).toEqual(['b', 'c', 'a']);
    expect(await names('sort=name')).toEqual(['a', 'b', 'c']);
    expect(await names('sort=name&direction=desc&channel_id:in=1')).toEqual(['b', 'a']);
    expect(await names('channel_id:in=2,1')).toEqual(['b', 'c', 'a']);
    expect(await statusOf(get(`${SCRIPTS}?sort=html`))).toBe(422);
  });
});

describe('a widget template', () => {
  it('is created, found, renamed and deleted', async () => {
    const schema = [{ type: 'tab', label: 'i18n.Content', sections: [] }];
    const schema_translations = '{"i18n.Content":{"default":"Content"}}';
    const created = await create(TEMPLATES, { ...TEMPLATE, schema, schema_translations, channel_id: 1 });
    expect(created).toMatchObject({
      ...TEMPLATE,
      schema,
      schema_translations,
      kind: 'custom',
      icon_name: 'default',
      template_engine: 'handlebars_v3',
      client_rerender: false,
    });
    const at = `${TEMPLATES}/${created.uuid}`;
    expect((await get(at)).body.data).toEqual(created);
    expect((await call('PUT', at, { name: 'Welcome' })).body.data).toEqual({
      ...created,
      name: 'Welcome',
      date_modified: expect.any(String),
    });
    expect(await call('DELETE', at)).toMatchObject({ status: 204, text: '' });
    expect(await statusOf(get(at))).toBe(404);
  });

  it.each([
    ['name', { template: '' }],
    ['name', { ...TEMPLATE, name: '' }],
    ['template', { name: 'Greeting' }],
    ['schema.0.type', { ...TEMPLATE, schema: [{ type: 'input' }] }],
    ['schema_translations', { ...TEMPLATE, schema_translations: '{' }],
    ['schema_translations', { ...TEMPLATE, schema_translations: '[]' }],
    ['channel_id', { ...TEMPLATE, channel_id: 3 }],
  ])('is refused for its %s (%#)', async (member, body) => {
    const refused = await call('POST', TEMPLATES, body);
    expect([refused.status, Object.keys(refused.body.errors)]).toEqual([422, [member]]);
    expect(content.widgetTemplates.size).toBe(0);
  });

  it('changes all of its widgets at once without a new version', async () => {
    const template = await create(TEMPLATES, TEMPLATE);
    const widget = await createWidget({ widget_template_uuid: template.uuid });
    const changed = await call('PUT', `${TEMPLATES}/${template.uuid}`, { template: '<p>Bye</p>' });
    expect(changed.body.data.current_version_uuid).toBe(template.current_version_uuid);
    expect((await get(`${WIDGETS}/${widget.uuid}`)).body.data).toMatchObject({
      version_uuid: template.current_version_uuid,
      widget_template: { template: '<p>Bye</p>' },
    });
  });

  it('leaves its widgets alone with a new version, until they are upgraded', async () => {
    const template = await create(TEMPLATES, TEMPLATE);
    const widget = await createWidget({ widget_template_uuid: template.uuid });
    const { data: released } = (
      await call('PUT', `${TEMPLATES}/${template.uuid}`, { template: '<p>Bye</p>', create_new_version: true })
    ).body;
    expect(released.template).toBe('<p>Bye</p>');
    expect(released.current_version_uuid).not.toBe(template.current_version_uuid);

    const at = `${WIDGETS}/${widget.uuid}`;
    const old = {
      version_uuid: template.current_version_uuid,
      widget_template: { template: TEMPLATE.template, current_version_uuid: released.current_version_uuid },
    };
    expect((await get(at)).body.data).toMatchObject(old);
    expect((await call('PUT', at, { name: 'Renamed' })).body.data).toMatchObject(old);
    expect((await call('PUT', at, { upgrade: true })).body.data).toMatchObject({
      version_uuid: released.current_version_uuid,
      widget_template: { template: '<p>Bye</p>' },
    });
    expect((await createWidget({ widget_template_uuid: template.uuid })).version_uuid).toBe(
      released.current_version_uuid,
    );
  });

  it('shows its former versions', async () => {
    const template = await create(TEMPLATES, TEMPLATE);
    const at = `${TEMPLATES}/${template.uuid}`;
    await call('PUT', at, { template: '<p>Bye</p>', create_new_version: true });
    const former = await get(`${at}?version_uuid=${template.current_version_uuid}`);
    expect(former.body.data.template).toBe(TEMPLATE.template);
    expect((await get(at)).body.data.template).toBe('<p>Bye</p>');
    expect(await statusOf(get(`${at}?version_uuid=${template.uuid}`))).toBe(404);
  });

  it("is previewed by BigCommerce's engine", async () => {
    const { uuid } = await create(TEMPLATES, {
      ...TEMPLATE,
      template: '{{name}} {{#if _.id}}with id{{/if}}',
    });
    const preview = await call('POST', `${TEMPLATES}/${uuid}/preview`, {
      widget_configuration: { name: '<Ada>' },
    });
    expect(preview.body).toEqual({ data: { html: '&lt;Ada&gt; with id' } });
    await call('PUT', `${TEMPLATES}/${uuid}`, { template: '{{#if' });
    expect(await statusOf(call('POST', `${TEMPLATES}/${uuid}/preview`, {}))).toBe(422);
  });

  it('is listed by channel', async () => {
    for (const channel_id of [1, 2]) await create(TEMPLATES, { ...TEMPLATE, channel_id });
    const { data } = (await get(`${TEMPLATES}?channel_id:in=2`)).body;
    expect(data).toMatchObject([{ channel_id: 2 }]);
  });
});

describe('a widget', () => {
  it('holds what was entered, and its id for the template', async () => {
    const widget = await createWidget({ widget_configuration: { name: 'Ada', _: { id: 'mine' } } });
    const at = `${WIDGETS}/${widget.uuid}`;
    expect(widget.widget_configuration).toEqual({ name: 'Ada', _: { id: widget.uuid } });
    expect(content.widgets.get(widget.uuid)?.widget_configuration).toEqual({ name: 'Ada' });
    expect((await get(at)).body.data).toEqual(widget);
    const changed = await call('PUT', at, { widget_configuration: { name: 'Grace' } });
    expect(changed.body.data.widget_configuration).toEqual({ name: 'Grace', _: { id: widget.uuid } });
    expect(await call('DELETE', at)).toMatchObject({ status: 204, text: '' });
    expect(await statusOf(get(at))).toBe(404);
  });

  it('takes 64 KB of configuration', async () => {
    const { uuid } = await createWidget();
    // {"text":""} is 11 bytes, and é is two.
    const configure = (text: string): Promise<number> =>
      statusOf(call('PUT', `${WIDGETS}/${uuid}`, { widget_configuration: { text } }));
    expect(await configure('x'.repeat(65_536 - 11))).toBe(200);
    expect(await configure('x'.repeat(65_536 - 10))).toBe(422);
    expect(await configure(`é${'x'.repeat(65_536 - 12)}`)).toBe(422);
  });

  it.each([
    ['name', { name: '' }],
    ['widget_template_uuid', { widget_template_uuid: '00000000-0000-4000-8000-000000000000' }],
    ['widget_configuration', { widget_configuration: [] }],
    ['channel_id', { channel_id: 3 }],
  ])('is refused for its %s', async (member, fields) => {
    const { uuid } = await create(TEMPLATES, TEMPLATE);
    const refused = await call('POST', WIDGETS, { name: 'Hello', widget_template_uuid: uuid, ...fields });
    expect([refused.status, Object.keys(refused.body.errors)]).toEqual([422, [member]]);
  });

  it('is listed by template, name and channel', async () => {
    const one = await createWidget({ name: 'One' });
    const two = await createWidget({ name: 'Two', channel_id: 2 });
    const names = async (query: string): Promise<string[]> =>
      (await get(`${WIDGETS}?${query}`)).body.data.map(({ name }: { name: string }) => name);
    expect(await names(`widget_template_uuid=${one.widget_template.uuid}`)).toEqual(['One']);
    expect(await names('name=Two')).toEqual(['Two']);
    expect(await names('name:in=Two,One')).toEqual(['One', 'Two']);
    expect(await names('channel_id:in=2')).toEqual(['Two']);
    expect(await names('site_id:in=1000')).toEqual(['One']);
    expect(await names(`name=Two&widget_template_uuid=${one.widget_template.uuid}`)).toEqual([]);
    expect(await names(`name=Two&widget_template_uuid=${two.widget_template.uuid}`)).toEqual(['Two']);
  });

  it('takes its placements with it, and stays when its template goes', async () => {
    const widget = await createWidget();
    await create(PLACEMENTS, { widget_uuid: widget.uuid, template_file: 'pages/home' });
    await call('DELETE', `${TEMPLATES}/${widget.widget_template.uuid}`);
    const { data } = (await get(`${WIDGETS}/${widget.uuid}`)).body;
    expect(data).not.toHaveProperty('widget_template');
    await call('DELETE', `${WIDGETS}/${widget.uuid}`);
    expect((await get(PLACEMENTS)).body.data).toEqual([]);
  });
});

describe('a placement', () => {
  const place = async (fields: object): Promise<Answer> =>
    call('POST', PLACEMENTS, {
      widget_uuid: (await createWidget()).uuid,
      template_file: 'pages/product',
      region: 'product_below_price',
      ...fields,
    });

  it('shows nothing until it is made active', async () => {
    const { data: placement } = (await place({})).body;
    expect(placement).toMatchObject({
      status: 'inactive',
      template_file: 'pages/product',
      region: 'product_below_price',
      entity_id: '',
      channel_id: 1,
      widget: { name: 'Hello', widget_template: { name: 'Greeting' } },
    });
    const at = `${PLACEMENTS}/${placement.uuid}`;
    const changed = await call('PUT', at, { status: 'active' });
    expect(changed.body.data).toEqual({ ...placement, status: 'active', date_modified: expect.any(String) });
    expect((await get(at)).body.data).toEqual(changed.body.data);
    expect(await call('DELETE', at)).toMatchObject({ status: 204, text: '' });
    expect(await statusOf(get(at))).toBe(404);
  });

  it.each([
    ['widget_uuid', { widget_uuid: '00000000-0000-4000-8000-000000000000' }],
    ['template_file', { template_file: 'pages/nowhere' }],
    ['template_file', { template_file: undefined }],
    ['region', { region: 'home_below_menu' }],
    ['entity_id', { template_file: 'pages/home', region: 'home_below_menu', entity_id: '21' }],
    ['status', { status: 'draft' }],
    ['channel_id', { channel_id: 3 }],
  ])('is refused for its %s (%#)', async (member, fields) => {
    const refused = await place(fields);
    expect([refused.status, Object.keys(refused.body.errors)]).toEqual([422, [member]]);
    expect(content.placements.size).toBe(0);
  });

  it('may be for one product', async () => {
    expect((await place({ entity_id: '21' })).body.data.entity_id).toBe('21');
  });

  it('counts for all pages in a global region, and for none of their products alone', async () => {
    const { data } = (await place({ region: 'header_bottom--global' })).body;
    expect(data).toMatchObject({ region: 'header_bottom--global', template_file: '' });
    expect(await statusOf(call('PUT', `${PLACEMENTS}/${data.uuid}`, { status: 'active' }))).toBe(200);
    expect(await statusOf(place({ region: 'header_bottom--global', entity_id: '21' }))).toBe(422);
  });

  it('is listed by template file, widget, widget template and channel', async () => {
    const { data: one } = (await place({})).body;
    const home = { template_file: 'pages/home', region: 'home_below_menu', channel_id: 2 };
    const { data: two } = (await place(home)).body;
    const found = async (query: string): Promise<string[]> =>
      (await get(`${PLACEMENTS}?${query}`)).body.data.map(({ uuid }: { uuid: string }) => uuid);
    expect(await found('')).toEqual([one.uuid, two.uuid]);
    expect(await found('template_file=pages/home')).toEqual([two.uuid]);
    expect(await found(`widget_uuid=${one.widget.uuid}`)).toEqual([one.uuid]);
    expect(await found(`widget_template_uuid=${two.widget.widget_template.uuid}`)).toEqual([two.uuid]);
    expect(await found('channel_id:in=1')).toEqual([one.uuid]);
  });
});

describe('a webhook', () => {
  const createHook = async (fields: object = {}) => {
    const answer = await call('POST', HOOKS, { ...HOOK, ...fields });
    expect(answer.status).toBe(200);
    return answer.body.data;
  };

  it('is created, found, changed in what is named, and deleted', async () => {
    const created = await createHook({ headers: { 'x-secret': 's' } });
    expect(created).toEqual({
      ...HOOK,
      id: expect.any(Number),
      client_id: expect.any(String),
      store_hash: 'store1',
      headers: { 'x-secret': 's' },
      is_active: true,
      created_at: expect.any(Number),
      updated_at: created.created_at,
    });
    const at = `${HOOKS}/${created.id}`;
    expect((await get(at)).body.data).toEqual(created);
    const changed = await call('PUT', at, { is_active: false });
    expect(changed.body.data).toEqual({ ...created, is_active: false, updated_at: expect.any(Number) });
    expect((await call('DELETE', at)).body.data).toEqual(changed.body.data);
    expect((await get(HOOKS)).body.data).toEqual([]);
    for (const answer of [get(at), call('PUT', at, { is_active: true }), call('DELETE', at)])
      expect(await statusOf(answer)).toBe(404);
  });

  const headers = (count: number, name = 1, value = 1): object => ({
    headers: Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`${index}`.padStart(name, 'x'), 'v'.repeat(value)]),
    ),
  });
  it.each([
    [
      'destination',
      { destination: 'https://app.example:443/' },
      { destination: 'https://app.example:8443/' },
    ],
    ['destination', { destination: 'https://app.example/' }, { destination: 'http://app.example/' }],
    ['destination', { destination: 'http://127.0.0.1:4004/' }, { destination: 'app.example' }],
    ['scope', { scope: 'store/order/*' }, { scope: '' }],
    ['headers', headers(64), headers(65)],
    ['headers.xx0', headers(1, 64), { headers: { xx0: 7 } }],
    ['headers.0', headers(1, 1, 8_192), headers(1, 1, 8_193)],
    ['is_active', { is_active: false }, { is_active: 'no' }],
  ])('has a limit on its %s (%#)', async (member, fits, doesNot) => {
    await createHook(fits);
    const refused = await call('POST', HOOKS, { ...HOOK, ...doesNot });
    expect([refused.status, Object.keys(refused.body.errors)]).toEqual([422, [member]]);
    expect(content.hooks.size).toBe(1);
  });

  it('is the only one of its scope and destination, and one of ten of its scope', async () => {
    const { id } = await createHook();
    const again = await call('POST', HOOKS, HOOK);
    expect([again.status, Object.keys(again.body.errors)]).toEqual([422, ['destination']]);
    for (let count = 2; count <= 10; count += 1)
      await createHook({ destination: `https://app.example/${count}` });
    const one = { ...HOOK, destination: 'https://app.example/11' };
    expect(await statusOf(call('POST', HOOKS, one))).toBe(422);
    await createHook({ scope: 'store/channel/updated' });
    expect(await statusOf(call('PUT', `${HOOKS}/${id}`, HOOK))).toBe(200);
    const taken = { destination: 'https://app.example/2' };
    expect(await statusOf(call('PUT', `${HOOKS}/${id}`, taken))).toBe(422);
    await call('DELETE', `${HOOKS}/${id}`);
    expect(await statusOf(call('POST', HOOKS, one))).toBe(200);
  });

  it('is listed by scope, destination and whether it is active', async () => {
    const one = await createHook();
    const two = await createHook({ scope: 'store/channel/updated', is_active: false });
    const ids = async (query: string): Promise<number[]> =>
      (await get(`${HOOKS}?${query}`)).body.data.map(({ id }: { id: number }) => id);
    expect(await ids('')).toEqual([one.id, two.id]);
    expect(await ids(`scope=${one.scope}`)).toEqual([one.id]);
    expect(await ids('is_active=false')).toEqual([two.id]);
    expect(await ids(`destination=${HOOK.destination}&page=2&limit=1`)).toEqual([two.id]);
    expect(await ids('destination=https://other.example/')).toEqual([]);
  });

  it('needs no scope', async () => {
    api.setScopes([]);
    await createHook();
  });
});

describe('an app', () => {
  const SCOPES = ['store_v2_content'];
  const as = (accessToken: string, method: string, path: string, body?: object): Promise<Answer> =>
    call(method, path, body, {
      headers: {
        'x-auth-token': accessToken,
        accept: 'application/json',
        'content-type': 'application/json',
      },
    });
  afterEach(() => api.removeApp('app-1'));

  it('has an access token and scopes of its own', async () => {
    const token = api.addApp('app-1', SCOPES);
    expect(await statusOf(as(token, 'GET', SCRIPTS))).toBe(200);
    expect(await statusOf(as(token, 'GET', '/v2/store'))).toBe(403);
    expect(await statusOf(get('/v2/store'))).toBe(200);
  });

  it('sees its own scripts and webhooks, and everybody the widget templates', async () => {
    const token = api.addApp('app-1', SCOPES);
    const script = (await as(token, 'POST', SCRIPTS, HOSTED)).body.data;
    const hook = (await as(token, 'POST', HOOKS, HOOK)).body.data;
    await create(SCRIPTS, INLINE);
    expect(await statusOf(call('POST', HOOKS, HOOK))).toBe(200);
    await create(TEMPLATES, TEMPLATE);
    const seen = async (path: string): Promise<unknown> => (await as(token, 'GET', path)).body.data;
    expect([await seen(SCRIPTS), await seen(HOOKS)]).toEqual([[script], [hook]]);
    expect(await seen(TEMPLATES)).toHaveLength(1);
    expect(await statusOf(get(`${SCRIPTS}/${script.uuid}`))).toBe(404);
    expect(await statusOf(call('DELETE', `${HOOKS}/${hook.id}`))).toBe(404);
  });

  it('is let in again with another access token, and the former one is dead', async () => {
    const former = api.addApp('app-1', SCOPES);
    await as(former, 'POST', SCRIPTS, HOSTED);
    const token = api.addApp('app-1', SCOPES);
    expect(await statusOf(as(former, 'GET', SCRIPTS))).toBe(401);
    expect((await as(token, 'GET', SCRIPTS)).body.data).toHaveLength(1);
  });

  it('leaves nothing that calls it, and only the scripts that were to stay', async () => {
    const token = api.addApp('app-1', SCOPES);
    await as(token, 'POST', SCRIPTS, { ...HOSTED, auto_uninstall: true });
    const kept = (await as(token, 'POST', SCRIPTS, HOSTED)).body.data;
    await as(token, 'POST', HOOKS, HOOK);
    const ours = await create(SCRIPTS, { ...INLINE, auto_uninstall: true });
    const { id } = (await call('POST', HOOKS, HOOK)).body.data;
    api.removeApp('app-1');
    expect(await statusOf(as(token, 'GET', SCRIPTS))).toBe(401);
    expect([...content.scripts.keys()]).toEqual([kept.uuid, ours.uuid]);
    expect([...content.hooks.keys()]).toEqual([id]);
  });
});

describe('the store', () => {
  it('tells what an order can be, in the words of its merchant', async () => {
    const { body } = await get('/v2/order_statuses');
    expect(body).toHaveLength(15);
    expect(body[11]).toMatchObject({
      id: 11,
      name: 'Awaiting Fulfillment',
      system_label: 'Awaiting Fulfillment',
      custom_label: 'Waiting to be packed',
    });
    expect(body[10]).toMatchObject({ id: 10, custom_label: 'Completed' });
  });

  it('tells the regions of a template file', async () => {
    const regions = (query: string): Promise<Answer> => get(`/v3/content/regions?${query}`);
    expect((await regions('template_file=pages/home')).body).toEqual({
      data: [{ name: 'header_bottom--global' }, { name: 'home_below_menu' }],
      meta: {},
    });
    expect(await statusOf(regions('template_file=pages/home&channel_id=1'))).toBe(200);
    expect(await statusOf(regions('template_file=pages/home&channel_id=2'))).toBe(404);
    expect(await statusOf(regions('template_file=pages/nowhere'))).toBe(404);
    expect(await statusOf(regions(''))).toBe(422);
  });

  it('tells its channels, all or chosen ones', async () => {
    const ids = async (query: string): Promise<number[]> =>
      (await get(`/v3/channels?${query}`)).body.data.map(({ id }: { id: number }) => id);
    expect(await ids('')).toEqual([1, 2]);
    expect(await ids('available=true&type:in=storefront&platform:in=bigcommerce,catalyst')).toEqual([1, 2]);
    expect(await ids('available=false')).toEqual([]);
    expect(await ids('type:in=marketplace')).toEqual([]);
    expect(await ids('platform:in=catalyst')).toEqual([2]);
    expect(await ids('status:in=active')).toEqual([1]);
    expect((await get('/v3/channels/2')).body.data).toMatchObject({
      platform: 'catalyst',
      type: 'storefront',
    });
    expect(await statusOf(get('/v3/channels/3'))).toBe(404);
  });

  it("tells a channel's site", async () => {
    expect((await get('/v3/channels/1/site')).body.data).toMatchObject({
      id: 1000,
      url: 'https://brand.example',
      channel_id: 1,
    });
    expect(await statusOf(get('/v3/channels/3/site'))).toBe(404);
  });

  it('tells what it is, and what it has switched on', async () => {
    expect((await get('/v2/store')).body).toMatchObject({
      id: 'store1',
      name: 'Sandbox Store',
      secure_url: 'https://brand.example',
      default_channel_id: 1,
      default_site_id: 1000,
      features: {
        stencil_enabled: true,
        checkout_type: 'optimized',
        shopper_consent_tracking_enabled: false,
      },
    });
    api.setFeatures({ checkout_type: 'single' });
    expect((await get('/v2/store')).body.features).toMatchObject({
      stencil_enabled: true,
      checkout_type: 'single',
    });
  });
});

describe('a list', () => {
  const createTemplates = async (count: number): Promise<void> => {
    for (let index = 0; index < count; index += 1) await create(TEMPLATES, { ...TEMPLATE, name: `${index}` });
  };

  it('comes in pages of fifty', async () => {
    await createTemplates(51);
    const { data, meta } = (await get(TEMPLATES)).body;
    expect(data).toHaveLength(50);
    expect(meta.pagination).toEqual({
      total: 51,
      count: 50,
      per_page: 50,
      current_page: 1,
      total_pages: 2,
      links: { current: '?page=1&limit=50', next: '?page=2&limit=50' },
    });
    expect((await get(`${TEMPLATES}?page=2`)).body.data).toMatchObject([{ name: '50' }]);
  });

  it('links to the pages beside it, filters included', async () => {
    await createTemplates(5);
    const second = `${TEMPLATES}?channel_id:in=1&page=2&limit=2`;
    const { links } = (await get(second)).body.meta.pagination;
    const names = async (link: string): Promise<string[]> =>
      (await get(TEMPLATES + link)).body.data.map(({ name }: { name: string }) => name);
    expect(await names(links.previous)).toEqual(['0', '1']);
    expect(await names(links.current)).toEqual(['2', '3']);
    expect(await names(links.next)).toEqual(['4']);
    expect(links.next).toContain('channel_id%3Ain=1');
    const last = (await get(TEMPLATES + links.next)).body.meta.pagination.links;
    expect(last).not.toHaveProperty('next');
  });

  it('is empty on a page behind the last', async () => {
    expect((await get(`${TEMPLATES}?page=2`)).body).toMatchObject({
      data: [],
      meta: { pagination: { total: 0, count: 0, total_pages: 0 } },
    });
  });

  it.each([
    ['page=1', 'page=0'],
    ['limit=1', 'limit=0'],
    ['limit=250', 'limit=251'],
    ['limit=2', 'limit=two'],
    ['channel_id:in=1', 'channel_id=1'],
  ])('takes %s, and not %s', async (fits, doesNot) => {
    expect(await statusOf(get(`${TEMPLATES}?${fits}`))).toBe(200);
    expect(await statusOf(get(`${TEMPLATES}?${doesNot}`))).toBe(422);
  });
});

describe('who calls', () => {
  it('has to have the access token of this store', async () => {
    const as = (headers: Record<string, string>, store = 'store1'): Promise<Response> =>
      fetch(`${api.url}/stores/${store}/v2/store`, { headers });
    const token = { 'x-auth-token': api.accessToken };
    const statuses = await Promise.all([as(token), as({}), as({ 'x-auth-token': 'x' }), as(token, 'store2')]);
    expect(statuses.map(({ status }) => status)).toEqual([200, 401, 401, 401]);
  });

  const RESOURCES = [
    [SCRIPTS, 'store_v2_content'],
    [TEMPLATES, 'store_v2_content'],
    [WIDGETS, 'store_v2_content'],
    [PLACEMENTS, 'store_v2_content'],
    ['/v3/content/regions?template_file=pages/home', 'store_v2_content'],
    ['/v3/channels', 'store_channel_settings_read_only'],
    ['/v3/channels/1/site', 'store_sites_read_only'],
    ['/v2/store', 'store_v2_information_read_only'],
    ['/v2/order_statuses', 'store_v2_orders_read_only'],
    ['/v3/catalog/products', 'store_v2_products_read_only'],
  ];
  it.each(RESOURCES)('has to have the scope of %s, which is %s', async (path = '', scope = '') => {
    api.setScopes([scope]);
    expect(await statusOf(get(path))).toBe(200);
    api.setScopes(RESOURCES.flatMap(([, other = '']) => (other === scope ? [] : [other])));
    expect(await get(path)).toMatchObject({
      status: 403,
      body: { title: "You don't have a required scope to access the endpoint" },
    });
  });

  it('may read, and not write, with a read-only scope', async () => {
    api.setScopes(['store_v2_content_read_only']);
    expect(await statusOf(get(SCRIPTS))).toBe(200);
    expect(await statusOf(call('POST', SCRIPTS, HOSTED))).toBe(403);
  });

  it('may say that there is JSON where there is none', async () => {
    const { uuid } = await create(SCRIPTS, HOSTED);
    const json = 'application/json';
    const headers = { 'x-auth-token': api.accessToken, accept: json, 'content-type': json };
    expect(await statusOf(call('DELETE', `${SCRIPTS}/${uuid}`, undefined, { headers }))).toBe(204);
  });

  it('is told of a body that is no JSON object, and of paths that do not exist', async () => {
    const broken = await call('POST', SCRIPTS, {}, { body: '{' });
    expect(broken.status).toBe(400);
    const { uuid } = await create(SCRIPTS, HOSTED);
    expect(await statusOf(call('PUT', `${SCRIPTS}/${uuid}`, []))).toBe(422);
    expect(await statusOf(get('/v3/content/nothing'))).toBe(404);
    expect(await statusOf(call('PATCH', SCRIPTS, HOSTED))).toBe(404);
  });
});

describe('the rate limit', () => {
  afterEach(() => vi.restoreAllMocks());

  /** The window and what is left of it, in milliseconds; the quota and what is left of it. */
  const limitOf = ({ headers }: Answer): number[] =>
    ['time-window-ms', 'time-reset-ms', 'requests-quota', 'requests-left'].map((name) =>
      Number(headers.get(`x-rate-limit-${name}`)),
    );

  it('is told with every answer, and refuses what is beyond it until its window has ended', async () => {
    const now = vi.spyOn(performance, 'now').mockReturnValue(1_000_000);
    api.setRateLimit({ quota: 2, windowMs: 30_000 });
    expect(limitOf(await get('/v2/store'))).toEqual([30_000, 30_000, 2, 1]);
    now.mockReturnValue(1_010_000);
    const refused = await call('POST', SCRIPTS, {});
    expect([refused.status, limitOf(refused)]).toEqual([422, [30_000, 20_000, 2, 0]]);
    now.mockReturnValue(1_029_999);
    const late = await call('POST', SCRIPTS, HOSTED);
    expect([late.status, limitOf(late), content.scripts.size]).toEqual([429, [30_000, 1, 2, 0], 0]);
    now.mockReturnValue(1_030_000);
    expect(limitOf(await get('/v2/store'))).toEqual([30_000, 30_000, 2, 1]);
  });

  it('is roomy unless a test says otherwise', async () => {
    expect(limitOf(await get('/v2/store')).slice(2)).toEqual([20_000, 19_999]);
  });
});

describe('a fault', () => {
  const attempt = (signal?: AbortSignal): Promise<Answer> =>
    call('POST', SCRIPTS, HOSTED, signal ? { signal } : {});

  it('is asked for with the number, the method and the path of each call, and may spare it', async () => {
    const asked: unknown[] = [];
    api.setFault(({ index, method, path }) => {
      asked.push([index, method, path]);
      return index === 1 ? { status: 500 } : undefined;
    });
    const { data } = (await attempt()).body;
    expect(await statusOf(attempt())).toBe(500);
    expect(await statusOf(call('DELETE', `${SCRIPTS}/${data.uuid}`))).toBe(204);
    expect(asked).toEqual([
      [0, 'POST', SCRIPTS],
      [1, 'POST', SCRIPTS],
      [2, 'DELETE', `${SCRIPTS}/${data.uuid}`],
    ]);
  });

  it('answers something else, and nothing is done', async () => {
    api.setFault(() => ({ status: 429, headers: { 'x-retry-after': '3' }, body: { title: 'Busy' } }));
    const { status, headers, body } = await attempt();
    expect([status, headers.get('x-retry-after'), body]).toEqual([429, '3', { title: 'Busy' }]);
    expect(headers.has('x-rate-limit-requests-left')).toBe(false);
    expect(content.scripts.size).toBe(0);
    api.setFault();
    expect(await statusOf(attempt())).toBe(200);
  });

  it.each<[Fault, number]>([
    [{ drop: 'before' }, 0],
    [{ drop: 'after' }, 1],
  ])('breaks the connection: %o', async (fault, done) => {
    api.setFault(() => fault);
    await expect(attempt()).rejects.toThrow('fetch failed');
    expect(content.scripts.size).toBe(done);
    expect(api.calls()).toMatchObject([{ method: 'POST', body: HOSTED }]);
    expect(api.calls()[0]).not.toHaveProperty('status');
  });

  it.each<[Fault, number]>([
    [{ hang: 'before' }, 0],
    [{ hang: 'after' }, 1],
  ])('leaves the client waiting: %o', async (fault, done) => {
    api.setFault(() => fault);
    const leaving = new AbortController();
    const answer = attempt(leaving.signal);
    await vi.waitFor(() => expect([api.calls().length, content.scripts.size]).toEqual([1, done]));
    leaving.abort();
    await expect(answer).rejects.toThrow('aborted');
    expect(api.calls()[0]).not.toHaveProperty('status');
  });

  it('may be none: the test is told when the call is done and the client does not know yet', async () => {
    const steps: string[] = [];
    api.setFault(() => ({ onHandled: () => steps.push(`done: ${content.scripts.size}`) }));
    await attempt().then(({ status }) => steps.push(`answered: ${status}`));
    expect(steps).toEqual(['done: 1', 'answered: 200']);
  });

  it('does not keep the API from closing', async () => {
    const other = await startBigCommerceApi({ content, site: () => '' });
    other.setFault(() => ({ hang: 'before' }));
    const answer = fetch(`${other.url}/stores/store1/v2/store`);
    await vi.waitFor(() => expect(other.calls()).toHaveLength(1));
    await Promise.all([expect(answer).rejects.toThrow('fetch failed'), other.close()]);
  });
});

describe('the list of calls', () => {
  it('has what was said and answered, and never the access token', async () => {
    await call('POST', `${SCRIPTS}`, HOSTED);
    await get('/v3/channels?platform:in=catalyst,bigcommerce&limit=1');
    const [posted, listed] = api.calls();
    expect(posted).toMatchObject({
      index: 0,
      method: 'POST',
      path: SCRIPTS,
      query: {},
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: HOSTED,
      status: 200,
      answer: { data: HOSTED },
    });
    expect(listed).toMatchObject({
      index: 1,
      path: '/v3/channels',
      query: { 'platform:in': 'catalyst,bigcommerce', limit: '1' },
      status: 200,
    });
    expect(listed).not.toHaveProperty('body');
    expect(JSON.stringify(api.calls())).not.toContain(api.accessToken);
    api.clearCalls();
    expect(api.calls()).toEqual([]);
  });

  it('keeps no more than it is told to, and goes on counting', async () => {
    api.setKeptCalls(2);
    for (const _ of Array(6)) await get('/v2/store');
    expect(api.calls().map(({ index, status }) => [index, status])).toEqual([
      [4, 200],
      [5, 200],
    ]);
    api.setKeptCalls();
    for (const _ of Array(3)) await get('/v2/store');
    expect(api.calls().at(-1)).toMatchObject({ index: 8 });
    expect(api.calls().length).toBeGreaterThan(3);
  });
});

describe.skipIf(!hasSpecifications)(`the stand-in, by BigCommerce's specifications${reason}`, () => {
  it('answers every call of this file as they say', () => {
    expect(allCalls.length).toBeGreaterThan(200);
    expect(allCalls.flatMap(answerNonconformities)).toEqual([]);
  });

  it('takes no request that they refuse', () => {
    const taken = allCalls.filter(({ status }) => status === 200 || status === 204);
    expect(taken.flatMap(requestNonconformities)).toEqual([]);
  });
});

describe.skipIf(!hasSpecifications)(`the comparison with the specifications${reason}`, () => {
  const UUID = '00000000-0000-4000-8000-000000000000';
  const headers = { accept: 'application/json', 'content-type': 'application/json' };
  const LIST: ApiCall = { index: 0, method: 'GET', path: SCRIPTS, query: {}, headers };
  const POST: ApiCall = { ...LIST, method: 'POST', body: { name: 'Inline' } };
  const SCHEMA = new URL('../../widgets/extole-cta-tag/schema.json', import.meta.url);
  const WIDGET_SCHEMA = JSON.parse(readFileSync(SCHEMA, 'utf8'));
  const script = { ...INLINE, uuid: UUID, date_created: '2024-01-02T03:04:05Z' };

  it.each<[string, ApiCall]>([
    ['a list', { ...LIST, query: { page: '1', 'channel_id:in': '1,2', sort: 'name' } }],
    ['an answer', { ...POST, status: 200, answer: { data: script, meta: {} } }],
    ['a deletion', { ...LIST, method: 'DELETE', path: `${SCRIPTS}/${UUID}`, status: 204 }],
    ['a busy store', { ...LIST, status: 429 }],
    ['a broken store', { ...LIST, status: 503, answer: '<p>Bad Gateway' }],
    ['an answer that got lost', POST],
    [
      'the settings of our widget',
      { ...POST, path: TEMPLATES, body: { ...TEMPLATE, schema: WIDGET_SCHEMA } },
    ],
  ])('finds nothing wrong with %s', (_name, call) => {
    expect(nonconformities([call])).toEqual([]);
  });

  it.each<[string, ApiCall]>([
    ['there is no such operation', { ...LIST, path: '/v3/content/nothing' }],
    ['there is no such operation', { ...LIST, path: '/v2/content/scripts' }],
    ['there is no such operation', { ...LIST, method: 'PATCH' }],
    ['query parameter channel_id is not known', { ...LIST, query: { channel_id: '1' } }],
    ['query parameter page must be integer', { ...LIST, query: { page: 'one' } }],
    ['query parameter channel_id:in/1 must be integer', { ...LIST, query: { 'channel_id:in': '1,a' } }],
    ['query parameter sort must be equal to one of', { ...LIST, query: { sort: 'html' } }],
    ['query parameter template_file is missing', { ...LIST, path: '/v3/content/regions' }],
    ['path parameter uuid must match format "uuid"', { ...LIST, path: `${SCRIPTS}/1` }],
    ['header Accept is undefined', { ...LIST, headers: {} }],
    ['header Content-Type is text/plain', { ...POST, headers: { ...headers, 'content-type': 'text/plain' } }],
    ['the body is missing', { ...POST, body: undefined }],
    ['body is not documented', { ...LIST, body: {} }],
    ["body must have required property 'name'", { ...POST, body: {} }],
    ['body/kind must be equal to one of', { ...POST, body: { name: 'x', kind: 'html' } }],
    [
      'body/consent_category must be equal to one of',
      { ...POST, body: { name: 'x', consent_category: 'unknown' } },
    ],
    ['body/site_id is not known', { ...POST, body: { name: 'x', site_id: 1000 } }],
    [
      'body/schema/0/sections/0/settings/0/helpInfo is not known',
      {
        ...POST,
        path: TEMPLATES,
        body: {
          ...TEMPLATE,
          schema: [{ type: 'tab', sections: [{ settings: [{ type: 'text', helpInfo: '' }] }] }],
        },
      },
    ],
    ['answered 201: the status is not documented', { ...POST, status: 201, answer: {} }],
    ['answered 200: answer must be object', { ...POST, status: 200 }],
    [
      'answered 200: answer/data/uuid must match format',
      { ...POST, status: 200, answer: { data: { uuid: '1' } } },
    ],
    [
      'answered 200: answer/data/site_id is not known',
      { ...POST, status: 200, answer: { data: { site_id: 1 } } },
    ],
    ['answered 422: answer/message is not known', { ...POST, status: 422, answer: { message: '' } }],
    [
      'answered 204: there is a body',
      { ...LIST, method: 'DELETE', path: `${SCRIPTS}/${UUID}`, status: 204, answer: {} },
    ],
  ])('finds: %s', (problem, call) => {
    const [found, ...more] = nonconformities([call]);
    expect(found).toContain(problem);
    expect(more).toEqual([]);
  });
});
