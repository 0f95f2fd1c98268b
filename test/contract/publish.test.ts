import { describe, expect, it } from 'vitest';
import type { FaultPlan } from '../../examples/sandbox/bigcommerce/api.js';
import { placeWidgets } from '../../examples/sandbox/widgets.js';
import type { BigCommerceClient } from '../../src/store/bigcommerce-client.js';
import { type ChannelSettings, type Release, SCRIPT_HTML_LIMIT } from '../../src/store/publication.js';
import { publish, unpublish } from '../../src/store/publish.js';
import { StoreError } from '../../src/store/store-error.js';
import { apiStore, SDK_URL, SETTINGS } from '../support/api-store.js';

const store = apiStore();

/** Tests need not wait. */
const PATIENCE = { pauseMs: () => 0 };

const publishTo = (changes: Partial<Parameters<typeof publish>[1]> = {}) =>
  publish(store.client(), { channels: [SETTINGS], release: store.release, ...PATIENCE, ...changes });
const settings = (changes: Partial<ChannelSettings>): ChannelSettings => ({ ...SETTINGS, ...changes });
/** A later version, whose widget looks another way. */
const laterRelease = (): Release => ({
  ...store.release,
  widget: { ...store.release.widget, template: `${store.release.widget.template}<i></i>` },
});
const scripts = () => [...store.content.scripts.values()];
const templates = () => [...store.content.widgetTemplates.values()];
const writes = () =>
  store.writes().map(({ method, path }) => `${method} ${path.replace(/[0-9a-f-]{36}/, '…')}`);

/** What stands in the store, but for what is new each time. */
const endState = () => ({
  scripts: scripts().map(({ uuid: _, date_created, date_modified, ...script }) => script),
  templates: templates().map(({ uuid: _, date_created, date_modified, versions, ...template }) => ({
    ...template,
    versions: versions.map(({ uuid: __, ...version }) => version),
  })),
});

/** A widget in a product page, as a merchant would drag it there. */
const place = () => {
  const [template] = templates();
  placeWidgets(store.content, template?.uuid ?? '', 1, [
    {
      id: '5f6c8d1e-0003-4b1c-9a7e-000000000003',
      region: 'product_below_price',
      template: 'pages/product',
      configuration: { zone: 'product' },
    },
  ]);
};

describe('publishing', () => {
  it('puts a widget template and two scripts into an empty store', async () => {
    const outcome = await publishTo();
    expect(outcome.done.map(({ action, object, name }) => `${action} ${object} ${name}`)).toEqual([
      'create widget template Extole CTA Tag',
      'create script Extole: store pages',
      'create script Extole: order confirmation',
    ]);
    const [pages, confirmation] = scripts();
    expect(pages).toMatchObject({
      kind: 'script_tag',
      location: 'head',
      visibility: 'storefront',
      auto_uninstall: true,
      consent_category: 'targeting',
      channel_id: 1,
      enabled: true,
    });
    expect(confirmation).toMatchObject({ visibility: 'order_confirmation', location: 'footer' });
    expect(pages?.html).toContain(
      `<script async src="${SDK_URL}" integrity="${store.release.sdk.integrity}" crossorigin="anonymous"></script>`,
    );
    expect(pages?.html.match(/<script/g)).toHaveLength(3);
    expect(confirmation?.html).toContain('"zones":["confirmation"]');
  });

  it('needs no scope for the checkout', async () => {
    store.api.setScopes([
      'store_v2_content',
      'store_channel_settings_read_only',
      'store_v2_information_read_only',
    ]);
    await expect(publishTo()).resolves.toMatchObject({ done: { length: 3 } });
  });

  it('changes nothing the second time', async () => {
    await publishTo();
    store.api.clearCalls();
    const outcome = await publishTo();
    expect(outcome).toMatchObject({ steps: [], done: [], notices: [] });
    expect(writes()).toEqual([]);
  });

  it('changes nothing in a dry run, and tells what it would', async () => {
    const outcome = await publishTo({ isDryRun: true });
    expect(outcome.steps).toHaveLength(3);
    expect(outcome.done).toEqual([]);
    expect(writes()).toEqual([]);
  });

  it('changes only the scripts when only a setting of theirs is another one', async () => {
    await publishTo();
    store.api.clearCalls();
    await publishTo({ channels: [settings({ programDomain: 'refer.brand.com' })] });
    expect(writes()).toEqual(['PUT /v3/content/scripts/…', 'PUT /v3/content/scripts/…']);
    expect(scripts().map(({ html }) => html.includes('refer.brand.com'))).toEqual([true, true]);
  });

  it('takes the order confirmation away when it is not wanted any more', async () => {
    await publishTo();
    store.api.clearCalls();
    await publishTo({ channels: [settings({ orderConfirmation: false })] });
    expect(writes()).toEqual(['DELETE /v3/content/scripts/…']);
    expect(scripts().map(({ name }) => name)).toEqual(['Extole: store pages']);
  });

  it('has the conversion without the pop-up where that is wanted', async () => {
    await publishTo({ channels: [settings({ confirmationPopUp: false, conversion: true })] });
    const confirmation = scripts().find(({ visibility }) => visibility === 'order_confirmation');
    expect(confirmation?.html).toContain('"conversion":true');
    expect(confirmation?.html).not.toContain('"zones"');
  });

  it.each([
    [
      'a deleted script',
      () => store.content.scripts.delete(scripts()[0]?.uuid ?? ''),
      'POST /v3/content/scripts',
    ],
    [
      'a deleted widget template',
      () => store.content.widgetTemplates.clear(),
      'POST /v3/content/widget-templates',
    ],
    ['a script that was switched off', () => edit({ enabled: false }), 'PUT /v3/content/scripts/…'],
    ['another consent category', () => edit({ consent_category: 'essential' }), 'PUT /v3/content/scripts/…'],
    ['an edited html', () => edit({ html: '<script>alert(1)</script>' }), 'PUT /v3/content/scripts/…'],
    ['an emptied description', () => edit({ description: '' }), 'PUT /v3/content/scripts/…'],
    ['another name', () => edit({ name: 'Mine' }), 'PUT /v3/content/scripts/…'],
  ])('repairs %s, and only that', async (_what, damage, call) => {
    await publishTo();
    const before = endState();
    damage();
    store.api.clearCalls();
    await publishTo();
    expect(writes()).toEqual([call]);
    expect(endState().scripts).toEqual(expect.arrayContaining(before.scripts));
    expect(endState().templates).toEqual(before.templates);
  });

  it('deletes the younger of two scripts that two publishers made at once', async () => {
    await publishTo();
    const copy = '00000000-0000-4000-8000-000000000000';
    const [first] = scripts();
    if (first)
      store.content.scripts.set(copy, { ...first, uuid: copy, date_created: '2099-01-01T00:00:00Z' });
    store.api.clearCalls();
    await publishTo();
    expect(store.writes()).toMatchObject([{ method: 'DELETE', path: `/v3/content/scripts/${copy}` }]);
  });

  it("leaves other people's scripts and widget templates alone", async () => {
    const client = store.client();
    await client.createScript({ name: 'Mine', kind: 'src', src: 'https://a.com/a.js', channel_id: 1 });
    await client.createWidgetTemplate({
      ...store.release.widget,
      template: '<b>another app</b>',
      channel_id: 1,
    });
    const { notices } = await publishTo();
    expect(notices).toMatchObject([{ code: 'TEMPLATE_NAME_TAKEN' }]);
    await unpublish(client, { channelIds: [1], ...PATIENCE });
    expect(scripts().map(({ name }) => name)).toEqual(['Mine']);
    expect(templates().map(({ versions }) => versions[0]?.template)).toEqual(['<b>another app</b>']);
  });

  it('forgives line ends and blanks that BigCommerce trims', async () => {
    await publishTo();
    edit({ html: `\n${scripts()[0]?.html.replaceAll('\n', '\r\n')} ` });
    store.api.clearCalls();
    await publishTo();
    expect(writes()).toEqual([]);
  });
});

const edit = (changes: Partial<ReturnType<typeof scripts>[number]>): void => {
  const [first] = scripts();
  if (first) store.content.scripts.set(first.uuid, { ...first, ...changes });
};

describe('a new version of the widget', () => {
  it('is released beside the old one, which placed widgets keep', async () => {
    await publishTo();
    place();
    const [before] = store.content.widgets.values();
    store.api.clearCalls();
    const { notices } = await publishTo({ release: laterRelease() });
    expect(writes()).toEqual(['PUT /v3/content/widget-templates/…']);
    expect(templates()[0]?.versions).toHaveLength(2);
    const [after] = store.content.widgets.values();
    expect(after?.version_uuid).toBe(before?.version_uuid);
    expect(notices).toMatchObject([{ code: 'WIDGETS_OUTDATED' }]);
  });

  it('reaches placed widgets where that is asked for, with what the merchant entered', async () => {
    await publishTo();
    place();
    await publishTo({ release: laterRelease(), upgradeWidgets: true });
    const [widget] = store.content.widgets.values();
    expect(widget?.version_uuid).toBe(templates()[0]?.versions[1]?.uuid);
    expect(widget?.widget_configuration).toEqual({ zone: 'product' });
    store.api.clearCalls();
    const again = await publishTo({ release: laterRelease(), upgradeWidgets: true });
    expect(again).toMatchObject({ steps: [], notices: [] });
  });
});

describe('a store that takes one tag for each script', () => {
  it('gets several scripts, the SDK with its hash', async () => {
    store.api.setOneTagPerScript(true);
    await publishTo();
    expect(scripts().map(({ name, kind }) => [name, kind])).toEqual([
      ['Extole: store pages, configuration', 'script_tag'],
      ['Extole: store pages, SDK', 'src'],
      ['Extole: order confirmation, configuration', 'script_tag'],
      ['Extole: order confirmation, SDK', 'src'],
    ]);
    const [configuration, sdk] = scripts();
    expect(configuration?.html.match(/<script/g)).toHaveLength(1);
    expect(sdk).toMatchObject({
      src: SDK_URL,
      load_method: 'async',
      integrity_hashes: [store.release.sdk.integrity],
    });
  });

  it('is not asked again whether it takes several', async () => {
    store.api.setOneTagPerScript(true);
    await publishTo();
    store.api.clearCalls();
    await publishTo();
    expect(writes()).toEqual([]);
  });

  it('loses the script with several tags once it refuses it', async () => {
    await publishTo();
    store.api.setOneTagPerScript(true);
    await publishTo({ channels: [settings({ programDomain: 'refer.brand.com' })] });
    expect(scripts().map(({ name }) => name)).not.toContain('Extole: store pages');
    expect(scripts()).toHaveLength(4);
  });

  it('keeps what it has where nothing may be created: half of it would do nothing', async () => {
    await publishTo();
    const before = endState();
    store.api.setOneTagPerScript(true);
    const channels = [settings({ programDomain: 'refer.brand.com' })];
    await expect(publishTo({ channels, leavesMissing: true })).rejects.toThrow('STORE_CHANGE_UNFINISHED');
    expect(endState()).toEqual(before);
  });
});

describe('several storefronts', () => {
  it('come to be of several scripts each where that is all that a store takes any more', async () => {
    addChannel(2);
    const channels = [SETTINGS, settings({ channelId: 2 })];
    await publishTo({ channels });
    store.api.setOneTagPerScript(true);
    await publishTo({ channels: channels.map((one) => ({ ...one, programDomain: 'refer.brand.com' })) });
    expect(
      scripts()
        .map(({ name, channel_id }) => `${channel_id} ${name}`)
        .sort(),
    ).toEqual([
      '1 Extole: order confirmation, SDK',
      '1 Extole: order confirmation, configuration',
      '1 Extole: store pages, SDK',
      '1 Extole: store pages, configuration',
      '2 Extole: order confirmation, SDK',
      '2 Extole: order confirmation, configuration',
      '2 Extole: store pages, SDK',
      '2 Extole: store pages, configuration',
    ]);
  });

  it('are six where the order confirmation of one makes room', async () => {
    for (const id of [2, 3, 4, 5, 6]) addChannel(id);
    const five = [1, 2, 3, 4, 5].map((channelId) => settings({ channelId }));
    await publishTo({ channels: five });
    const [first, ...others] = five;
    if (!first) throw new Error('There are five.');
    const six = [
      { ...first, orderConfirmation: false },
      ...others,
      settings({ channelId: 6, orderConfirmation: false }),
    ];
    await publishTo({ channels: six });
    expect(scripts()).toHaveLength(10);
  });

  const addChannel = (id: number, platform: 'bigcommerce' | 'catalyst' = 'bigcommerce'): void => {
    store.content.channels.set(id, { id, name: `Shop ${id}`, platform, status: 'active' });
  };

  it('each get their own, and are left alone when another one is published to', async () => {
    addChannel(2);
    const both = [SETTINGS, settings({ channelId: 2, programDomain: 'share.other.com' })];
    await publishTo({ channels: both });
    expect(scripts().map(({ channel_id }) => channel_id)).toEqual([1, 1, 2, 2]);
    expect(templates().map(({ channel_id }) => channel_id)).toEqual([1, 2]);
    store.api.clearCalls();
    await publishTo();
    expect(writes()).toEqual([]);
    await unpublish(store.client(), { channelIds: [1], ...PATIENCE });
    expect([...scripts(), ...templates()].map(({ channel_id }) => channel_id)).toEqual([2, 2, 2]);
  });

  it('take five at most, since BigCommerce takes ten scripts, and the sixth is refused before anything is changed', async () => {
    for (const id of [2, 3, 4, 5, 6]) addChannel(id);
    const all = [1, 2, 3, 4, 5, 6].map((channelId) => settings({ channelId }));
    await publishTo({ channels: all.slice(0, 5) });
    store.api.clearCalls();
    await expect(publishTo({ channels: all })).rejects.toThrow(/^SCRIPT_LIMIT_REACHED: 12 .* 10/);
    expect(writes()).toEqual([]);
  });

  it('are refused where they are unknown or Catalyst, and say what to do', async () => {
    addChannel(2, 'catalyst');
    const to = (channelId: number) => publishTo({ channels: [settings({ channelId })] });
    await expect(to(2)).rejects.toThrow(/^CHANNEL_IS_CATALYST: channel 2 .* examples\/catalyst/);
    await expect(to(3)).rejects.toThrow(/^CHANNEL_UNKNOWN: .* 3\. It has 1 \(Brand\)/);
    expect(writes()).toEqual([]);
  });
});

describe('a store that is not fit', () => {
  it('is told apart: no Stencil theme', async () => {
    store.api.setFeatures({ stencil_enabled: false });
    await expect(publishTo()).rejects.toMatchObject({ code: 'THEME_NOT_STENCIL' });
    expect(writes()).toEqual([]);
  });

  it('is published to all the same where only the checkout is an old one, and told of it', async () => {
    store.api.setFeatures({ checkout_type: 'single' });
    await expect(publishTo()).resolves.toMatchObject({
      notices: [{ code: 'CHECKOUT_SHOWS_NO_SCRIPTS' }],
      done: { length: 3 },
    });
    const without = await publishTo({ channels: [settings({ orderConfirmation: false })] });
    expect(without.notices).toEqual([]);
  });

  it('is told which automatic zones its theme has no region for', async () => {
    const zones = ['global_header', 'global_footer', 'product', 'overlay'];
    const { notices } = await publishTo({ channels: [settings({ zones })] });
    expect(notices).toMatchObject([
      {
        code: 'ZONE_HAS_NO_REGION',
        message: expect.stringMatching(/"global_footer".*ssl_site_seal--global/),
      },
    ]);
  });

  it('is not sent a script that BigCommerce would not take', async () => {
    const long = (length: number): Release => ({
      ...store.release,
      scriptTemplate: `<script>${'x'.repeat(length)}</script>`,
    });
    const room = SCRIPT_HTML_LIMIT - '<script></script>'.length;
    await expect(publishTo({ release: long(room + 1) })).rejects.toThrow(
      /^SCRIPT_TOO_LARGE: .* 65537 .* 65536/,
    );
    expect(writes()).toEqual([]);
    await expect(publishTo({ release: long(room) })).resolves.toMatchObject({ done: { length: 3 } });
  });
});

describe('unpublishing', () => {
  it('finds scripts whose descriptions were emptied', async () => {
    await publishTo();
    for (const [uuid, script] of store.content.scripts)
      store.content.scripts.set(uuid, { ...script, description: '' });
    await unpublish(store.client(), { channelIds: [1], ...PATIENCE });
    expect(scripts()).toEqual([]);
  });

  it('refuses a storefront that the store has not, unless something of ours is left of it', async () => {
    store.content.channels.set(2, { id: 2, name: 'Outlet', platform: 'bigcommerce', status: 'active' });
    await publishTo({ channels: [settings({ channelId: 2 })] });
    store.content.channels.delete(2);
    const from = (id: number) => unpublish(store.client(), { channelIds: [id], ...PATIENCE });
    await expect(from(99)).rejects.toThrow(/^CHANNEL_UNKNOWN: .*99/);
    await expect(from(2)).resolves.toMatchObject({ done: { length: 3 } });
    await expect(from(2)).rejects.toMatchObject({ code: 'CHANNEL_UNKNOWN' });
  });

  it('takes back all of it', async () => {
    await publishTo();
    await unpublish(store.client(), { channelIds: [1], ...PATIENCE });
    expect(endState()).toEqual({ scripts: [], templates: [] });
    await expect(unpublish(store.client(), { channelIds: [1], ...PATIENCE })).resolves.toMatchObject({
      steps: [],
    });
  });

  it('leaves the widgets that merchants placed, and their template', async () => {
    await publishTo();
    place();
    const { notices } = await unpublish(store.client(), { channelIds: [1], ...PATIENCE });
    expect(notices).toMatchObject([{ code: 'WIDGETS_STAY' }]);
    expect([scripts().length, templates().length, store.content.widgets.size]).toEqual([0, 1, 1]);
  });

  it('takes those as well where that is asked for: from the pages first', async () => {
    await publishTo();
    place();
    store.api.clearCalls();
    await unpublish(store.client(), { channelIds: [1], deleteWidgets: true });
    expect(writes().slice(0, 3)).toEqual([
      'DELETE /v3/content/placements/…',
      'DELETE /v3/content/widgets/…',
      'DELETE /v3/content/widget-templates/…',
    ]);
    expect(store.content.widgets.size + store.content.placements.size).toBe(0);
  });
});

describe('whatever goes wrong', () => {
  const faults: readonly [name: string, fault: ReturnType<FaultPlan>][] = [
    ['429', { status: 429, headers: { 'x-rate-limit-time-reset-ms': '1' } }],
    ['500', { status: 500, body: { title: 'Internal Server Error' } }],
    ['503 without a body', { status: 503 }],
    ['a connection that breaks before it is done', { drop: 'before' }],
    ['an answer that is lost', { drop: 'after' }],
    ['an attempt that hangs before it is done', { hang: 'before' }],
    ['an attempt that hangs after it is done', { hang: 'after' }],
  ];
  const empty = (): void => {
    store.content.scripts.clear();
    store.content.widgetTemplates.clear();
    store.api.clearCalls();
  };
  /** What a publish without any trouble leaves, and how many calls it takes. */
  const undisturbed = async () => {
    await publishTo();
    return { expected: endState(), calls: store.api.calls().length };
  };
  const publishWith = (attemptTimeoutMs: number) =>
    publish(store.client({ attemptTimeoutMs }), {
      channels: [SETTINGS],
      release: store.release,
      ...PATIENCE,
    });

  it.each(faults)('%s, once at any call, ends as if nothing had', async (_name, fault) => {
    const { expected, calls } = await undisturbed();
    for (let at = 0; at < calls; at += 1) {
      empty();
      store.api.setFault(({ index }) => (index === at ? fault : undefined));
      await publishWith(250);
      expect(endState(), `call ${at}`).toEqual(expected);
      // One attempt more, or one more look at everything.
      expect(store.api.calls().length, `call ${at}`).toBeLessThanOrEqual(calls + 6);
    }
  });

  it.each(faults)(
    '%s, from any call on, ends in an error that says what is done, and goes on later',
    async (_name, fault) => {
      const { expected, calls } = await undisturbed();
      for (let from = 0; from < calls; from += 1) {
        empty();
        store.api.setFault(({ index }) => (index >= from ? fault : undefined));
        const error = await publishWith(30).catch((e: unknown) => e);
        expect(error, `from call ${from}`).toBeInstanceOf(StoreError);
        const { message } = error instanceof StoreError ? error : { message: '' };
        const hasWritten = store.writes().length > 0;
        expect(message, `from call ${from}`).toMatch(
          hasWritten
            ? /^STORE_CHANGE_UNFINISHED: \d of \d steps are done\. BIGCOMMERCE_\w+: .* run the same again/
            : /^BIGCOMMERCE_\w+: GET /,
        );
        store.api.setFault();
        await publishTo();
        expect(endState(), `from call ${from}`).toEqual(expected);
      }
    },
  );

  it('is told with what is done and what is left', async () => {
    store.api.setFault(({ method, path }) =>
      method === 'POST' && path.endsWith('/scripts')
        ? { status: 422, body: { status: 422, title: 'No', errors: { name: 'taken' } } }
        : undefined,
    );
    await expect(publishTo()).rejects.toMatchObject({
      code: 'STORE_CHANGE_UNFINISHED',
      message: expect.stringMatching(/1 of 3 steps are done\. BIGCOMMERCE_REFUSED: .* 422 "No; name: taken"/),
      done: [{ name: 'Extole CTA Tag' }],
      remaining: [{ name: 'Extole: store pages' }, { name: 'Extole: order confirmation' }],
    });
  });

  it('counts a change as made whose answer alone was lost', async () => {
    const lost: FaultPlan = ({ method, path }) =>
      method === 'POST' && path.endsWith('/widget-templates') ? { drop: 'after' } : undefined;
    store.api.setFault(lost);
    await expect(publishTo()).resolves.toMatchObject({ done: { length: 3 } });
  });
});

describe('a BigCommerce that answers otherwise than its documents have it', () => {
  /** A client whose answers are changed on their way. */
  const odd = (changes: Partial<BigCommerceClient>) => ({ ...store.client(), ...changes });
  const publishBy = (client: BigCommerceClient, upgradeWidgets = false) =>
    publish(client, { channels: [SETTINGS], release: store.release, upgradeWidgets, ...PATIENCE });

  it('by lists that lag behind does not get anything twice', async () => {
    const client = store.client();
    const lagging = <T>(list: () => Promise<T[]>): (() => Promise<T[]>) => {
      let before: T[] = [];
      return async () => {
        const [shown, now] = [before, await list()];
        before = now;
        return shown;
      };
    };
    await publishBy(
      odd({ scripts: lagging(client.scripts), widgetTemplates: lagging(client.widgetTemplates) }),
    );
    expect([scripts().length, templates().length]).toEqual([2, 1]);
  });

  it('by leaving members out is not written to again', async () => {
    const sparse = async () =>
      (await store.client().scripts()).map(({ uuid, name, description, kind }) => ({
        uuid,
        name,
        description,
        kind,
      }));
    const bare = async () =>
      (await store.client().widgetTemplates()).map(({ uuid, name, template }) => ({ uuid, name, template }));
    const client = odd({ scripts: sparse, widgetTemplates: bare });
    await publishBy(client);
    store.api.clearCalls();
    await publishBy(client);
    expect(writes()).toEqual([]);
  });

  it('by never showing what it took is not written to for ever', async () => {
    const shouting = async () =>
      (await store.client().scripts()).map((script) => ({ ...script, html: script.html?.toUpperCase() }));
    await publishTo();
    store.api.clearCalls();
    await expect(publishBy(odd({ scripts: shouting }))).rejects.toThrow(
      /shows something else than it was given/,
    );
    expect(writes()).toHaveLength(2);
  });

  it('by widgets without a version does not have them upgraded for ever', async () => {
    await publishTo();
    place();
    const widgets = async (uuid: string) =>
      (await store.client().widgets(uuid)).map(({ version_uuid: _, ...widget }) => widget);
    await expect(publishBy(odd({ widgets }), true)).resolves.toMatchObject({ steps: [] });
  });

  it("by odd objects of other people's is read all the same", async () => {
    store.api.setFault(({ path }) =>
      path.endsWith('/widget-templates')
        ? {
            status: 200,
            body: { data: [{ uuid: 'x', name: null, schema: null, template: null, channel_id: null }] },
          }
        : undefined,
    );
    await expect(publishTo({ isDryRun: true })).resolves.toMatchObject({ steps: { length: 3 } });
  });

  it('by a theme whose regions it does not know is published to', async () => {
    store.api.setFault(({ path }) => (path.endsWith('/regions') ? { status: 404 } : undefined));
    const zones = ['product'];
    await expect(publishTo({ channels: [settings({ zones })] })).resolves.toMatchObject({ notices: [] });
  });
});
