import type { BigCommerceClient } from './bigcommerce-client.js';
import type { Placement, Script, Widget, WidgetTemplate } from './bigcommerce-types.js';
import {
  type Mark,
  scriptMark,
  settingsIn,
  templateMark,
  type WantedScript,
  type WantedTemplate,
} from './publication.js';
import { StoreError } from './store-error.js';

/** One of our scripts, as a store has it. */
export interface FoundScript extends Mark {
  readonly script: Script;
}

/** One of our widget templates, as a store has it, with what merchants made of it. */
export interface FoundTemplate {
  readonly channelId: number;
  readonly template: WidgetTemplate;
  readonly widgets: readonly Widget[];
  readonly placements: readonly Placement[];
}

/** What is in a store. */
export interface StoreState {
  /** Our scripts, the oldest first, so that whoever looks keeps the same one of two. */
  readonly scripts: readonly FoundScript[];
  /** How many scripts this API account has made besides. BigCommerce counts them. */
  readonly otherScripts: number;
  /** Our widget templates, the oldest first. */
  readonly templates: readonly FoundTemplate[];
  /** The widget templates of others. */
  readonly otherTemplates: readonly WidgetTemplate[];
}

/** What should be in a store. */
export interface Wanted {
  readonly scripts: readonly WantedScript[];
  readonly templates: readonly WantedTemplate[];
  /** The storefronts that this is about; what stands on others is left alone. */
  readonly channelIds: readonly number[];
  /** What becomes of the widgets that merchants placed: `keep` as they are, `upgrade` to the newest template, `delete`. */
  readonly placedWidgets: 'keep' | 'upgrade' | 'delete';
  /** Whether what is missing stays so: what is there is changed or taken out, and nothing comes. */
  readonly leavesMissing: boolean;
}

/** One change to a store. */
export interface Step {
  readonly action: 'create' | 'change' | 'release' | 'upgrade' | 'delete';
  readonly object: 'script' | 'widget template' | 'widget' | 'placement';
  readonly name: string;
  readonly channelId: number;
  /** What is changed; absent where something is created. */
  readonly uuid?: string;
  /** Why, or what changes: `html, integrity_hashes`. */
  readonly reason: string;
  /** Makes the change. Rejects with a `BigCommerceError`. */
  run(client: BigCommerceClient): Promise<unknown>;
}

/** What whoever publishes should know, and no step is about. */
export interface Notice {
  readonly code:
    | 'WIDGETS_OUTDATED'
    | 'WIDGETS_STAY'
    | 'TEMPLATE_NAME_TAKEN'
    | 'CHECKOUT_SHOWS_NO_SCRIPTS'
    | 'ZONE_HAS_NO_REGION';
  readonly message: string;
}

/** The changes that a store needs. */
export interface Plan {
  readonly steps: readonly Step[];
  readonly notices: readonly Notice[];
}

/** BigCommerce takes so many scripts of one API account. Source: OpenAPI file scripts.v3, "Create a Script". */
const SCRIPTS_LIMIT = 10;

/**
 * Reads what a store holds.
 *
 * @throws {BigCommerceError} Any of its codes.
 */
export async function readStore(client: BigCommerceClient): Promise<StoreState> {
  const [scripts, templates] = await Promise.all([client.scripts(), client.widgetTemplates()]);
  const found = scripts.sort(compareAge).flatMap((script): FoundScript[] => {
    const mark = scriptMark(script);
    return mark ? [{ script, ...mark }] : [];
  });
  const ours = templates.sort(compareAge).flatMap((template) => {
    const mark = templateMark(template);
    return mark ? [{ template, channelId: mark.channelId }] : [];
  });
  return {
    scripts: found,
    otherScripts: scripts.length - found.length,
    templates: await Promise.all(
      ours.map(async ({ template, channelId }): Promise<FoundTemplate> => {
        const [widgets, placements] = await Promise.all([
          client.widgets(template.uuid),
          client.placements(template.uuid),
        ]);
        return { template, channelId, widgets, placements };
      }),
    ),
    otherTemplates: templates.filter((template) => !templateMark(template)),
  };
}

/**
 * Compares what should be in a store with what is.
 *
 * @returns The steps that make them equal, in an order that is safe to stop after any of them. None when they are equal.
 * @throws {StoreError} `SCRIPT_LIMIT_REACHED` when BigCommerce would not take so many scripts.
 */
export function planSteps(wanted: Wanted, state: StoreState): Plan {
  const templates = planTemplates(wanted, state);
  return { steps: [...templates.steps, ...planScripts(wanted, state)], notices: templates.notices };
}

function planScripts(wanted: Wanted, state: StoreState): Step[] {
  const inScope = state.scripts.filter(({ channelId }) => wanted.channelIds.includes(channelId));
  const kept = new Map(
    wanted.scripts.map((want) => [
      want,
      inScope.find(({ part, channelId }) => part === want.part && channelId === want.channelId),
    ]),
  );
  const left = inScope.filter((found) => ![...kept.values()].includes(found));
  // What is not wanted becomes what is missing, so that the account need not have more scripts than in the end.
  for (const [want, found] of kept) {
    const isLike = ({ channelId, script }: FoundScript): boolean =>
      channelId === want.channelId && script.kind === want.fields.kind;
    const index = found ? -1 : left.findIndex(isLike);
    if (index >= 0) kept.set(want, left.splice(index, 1)[0]);
  }

  const steps = [...kept].flatMap(([want, found]): Step[] => {
    const { channelId, fields } = want;
    const about = { object: 'script', name: fields.name, channelId } as const;
    if (!found) {
      if (wanted.leavesMissing) return [];
      return [
        { ...about, action: 'create', reason: 'missing', run: (client) => client.createScript(fields) },
      ];
    }
    const { uuid } = found.script;
    const reason = differences(fields, found.script).join(', ');
    if (!reason) return [];
    return [{ ...about, action: 'change', uuid, reason, run: (client) => client.updateScript(uuid, fields) }];
  });
  const deletions = left.map(({ script: { uuid, name }, part, channelId }): Step => {
    const isTwice = wanted.scripts.some((want) => want.part === part && want.channelId === channelId);
    return {
      action: 'delete',
      object: 'script',
      name: name ?? part,
      channelId,
      uuid,
      reason: isTwice ? 'there twice' : 'not wanted',
      run: (client) => client.deleteScript(uuid),
    };
  });

  const creations = steps.filter(({ action }) => action === 'create');
  const others = state.otherScripts + state.scripts.length - inScope.length;
  if (creations.length > 0 && others + wanted.scripts.length > SCRIPTS_LIMIT) {
    throw new StoreError(
      'SCRIPT_LIMIT_REACHED',
      `${wanted.scripts.length} scripts are needed, and this API account has ${others} others; BigCommerce takes ${SCRIPTS_LIMIT}. Publish fewer storefronts with one account, or delete scripts that are not needed.`,
    );
  }
  const changes = steps.filter(({ action }) => action === 'change');
  // Made first, so that no page is without a script in between, unless there is no room for it.
  const hasRoom = others + inScope.length + creations.length <= SCRIPTS_LIMIT;
  return hasRoom ? [...creations, ...changes, ...deletions] : [...deletions, ...changes, ...creations];
}

function planTemplates(wanted: Wanted, state: StoreState): Plan {
  const inScope = state.templates.filter(({ channelId }) => wanted.channelIds.includes(channelId));
  const kept = new Set<FoundTemplate>();
  const plans = wanted.templates.map((want): Plan => {
    const candidates = inScope.filter(({ channelId }) => channelId === want.channelId);
    // Of two, the one that merchants use.
    const found = candidates.find(({ widgets }) => widgets.length > 0) ?? candidates[0];
    if (found) kept.add(found);
    return planTemplate(want, found, wanted, state);
  });
  const removals = inScope.filter((found) => !kept.has(found)).map((found) => planRemoval(found, wanted));
  return {
    steps: [...plans, ...removals].flatMap(({ steps }) => steps),
    notices: [...plans, ...removals].flatMap(({ notices }) => notices),
  };
}

function planTemplate(
  { channelId, fields }: WantedTemplate,
  found: FoundTemplate | undefined,
  { placedWidgets, leavesMissing }: Wanted,
  { otherTemplates }: StoreState,
): Plan {
  const about = { object: 'widget template', name: fields.name, channelId } as const;
  const notices: Notice[] = otherTemplates
    .filter(({ name, channel_id }) => name === fields.name && channel_id === channelId)
    .map(({ uuid }) => ({
      code: 'TEMPLATE_NAME_TAKEN',
      message: `Channel ${channelId} has another widget template called "${fields.name}", which somebody else made (${uuid}). It is left alone; Page Builder lists both.`,
    }));
  if (!found) {
    if (leavesMissing) return { steps: [], notices };
    const run: Step['run'] = (client) => client.createWidgetTemplate(fields);
    return { steps: [{ ...about, action: 'create', reason: 'missing', run }], notices };
  }
  const { uuid } = found.template;
  const isCurrent = isTemplateCurrent(fields, found.template);
  const release: Step = {
    ...about,
    action: 'release',
    uuid,
    reason: 'a new version',
    run: (client) => client.releaseWidgetTemplate(uuid, fields),
  };
  // Once a new version is out, all of them are.
  const outdated = isCurrent ? outdatedWidgets(found) : found.widgets;
  const upgrades = outdated.map(
    (widget): Step => ({
      action: 'upgrade',
      object: 'widget',
      name: widget.name,
      channelId,
      uuid: widget.uuid,
      reason: 'an older version of the template',
      run: (client) => client.upgradeWidget(widget),
    }),
  );
  if (placedWidgets !== 'upgrade' && outdated.length > 0) {
    notices.push({
      code: 'WIDGETS_OUTDATED',
      message: `Placed widgets that keep an older version of "${fields.name}" on channel ${channelId}: ${outdated.length}.`,
    });
  }
  return {
    steps: [...(isCurrent ? [] : [release]), ...(placedWidgets === 'upgrade' ? upgrades : [])],
    notices,
  };
}

/** What takes a widget template out of a store; out of the pages first. */
function planRemoval(
  { channelId, template, widgets, placements }: FoundTemplate,
  { placedWidgets }: Wanted,
): Plan {
  const name = template.name ?? template.uuid;
  if (widgets.length > 0 && placedWidgets !== 'delete') {
    const message = `The widget template "${name}" of channel ${channelId} stays, since placed widgets show it: ${widgets.length}.`;
    return { steps: [], notices: [{ code: 'WIDGETS_STAY', message }] };
  }
  const remove = (object: Step['object'], what: string, uuid: string, run: Step['run']): Step => ({
    action: 'delete',
    object,
    name: what,
    channelId,
    uuid,
    reason: 'not wanted',
    run,
  });
  return {
    steps: [
      ...placements.map(({ uuid, template_file, region }) =>
        remove('placement', `${template_file || 'every page'}, ${region}`, uuid, (client) =>
          client.deletePlacement(uuid),
        ),
      ),
      ...widgets.map((widget) =>
        remove('widget', widget.name, widget.uuid, (client) => client.deleteWidget(widget.uuid)),
      ),
      remove('widget template', name, template.uuid, (client) => client.deleteWidgetTemplate(template.uuid)),
    ],
    notices: [],
  };
}

/** The oldest first. */
function compareAge(a: Script | WidgetTemplate, b: Script | WidgetTemplate): number {
  const key = ({ date_created, uuid }: Script | WidgetTemplate): string => `${date_created ?? ''} ${uuid}`;
  return key(a) < key(b) ? -1 : 1;
}

/** What differs, of what BigCommerce shows. The description has the fingerprint of it all, and says nothing by itself. */
function differences(wanted: WantedScript['fields'], is: Script): string[] {
  const shown = new Map(Object.entries(is));
  const differing = Object.entries(wanted).flatMap(([name, value]) => {
    const there = shown.get(name);
    return there === undefined || there === null || isSame(value, there) ? [] : [name];
  });
  const telling = differing.filter((name) => name !== 'description');
  return (telling.length > 0 ? telling : differing).flatMap((name) =>
    name === 'html' ? settingDifferences(wanted.html, is.html) : [name],
  );
}

/** Which settings differ, so that whoever reads a plan sees what a forgotten option would switch off. */
function settingDifferences(wanted: string | undefined, is: string | null | undefined): string[] {
  const [before, after] = [settingsIn(is ?? ''), settingsIn(wanted ?? '')];
  const names = [...new Set([...before.keys(), ...after.keys()])];
  const told = names.flatMap((name) => {
    if (!after.has(name)) return [`${name} removed`];
    if (!before.has(name)) return [`${name} added`];
    return before.get(name) === after.get(name) ? [] : [name];
  });
  return told.length > 0 ? told : ['html'];
}

/** The widgets that keep an older version of their template, as far as BigCommerce tells versions. */
export function outdatedWidgets({ template, widgets }: FoundTemplate): Widget[] {
  const { current_version_uuid: current } = template;
  return widgets.filter(({ version_uuid }) => current && version_uuid && version_uuid !== current);
}

/** Whether a widget template is what it should be. Its text has the fingerprint of the rest. */
export function isTemplateCurrent(
  wanted: WantedTemplate['fields'],
  { name, template }: WidgetTemplate,
): boolean {
  return name === wanted.name && isSame(wanted.template, template);
}

/** Whether a member is the same to us. BigCommerce has its own idea of line ends. */
function isSame(wanted: unknown, is: unknown): boolean {
  const text = (value: unknown): string =>
    typeof value === 'string' ? value.replaceAll('\r\n', '\n').trim() : JSON.stringify(value);
  return text(wanted) === text(is);
}
