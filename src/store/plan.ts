import type { BigCommerceClient } from './bigcommerce-client.js';
import type { Placement, Script, Widget, WidgetTemplate } from './bigcommerce-types.js';
import { scriptState, templateState, type WantedScript, type WantedTemplate } from './publication.js';

/** What is in a store, of what concerns us. */
export interface StoreState {
  /** All scripts that this API account created, ours or not: BigCommerce counts them. */
  readonly scripts: readonly Script[];
  /** All widget templates, whoever made them. */
  readonly templates: readonly WidgetTemplate[];
  /** The widgets that merchants made of our templates. */
  readonly widgets: readonly Widget[];
  /** Where those widgets stand. */
  readonly placements: readonly Placement[];
}

/** What should be in a store. */
export interface Wanted {
  readonly scripts: readonly WantedScript[];
  readonly templates: readonly WantedTemplate[];
  /** The storefronts that this is about; what stands on others is left alone. */
  readonly channelIds: readonly number[];
  /** What becomes of the widgets that merchants placed: `keep` as they are, `upgrade` to the newest template, `delete`. */
  readonly placedWidgets: 'keep' | 'upgrade' | 'delete';
}

/** One change to a store. */
export interface Step {
  readonly action: 'create' | 'change' | 'release' | 'upgrade' | 'delete';
  readonly object: 'script' | 'widget template' | 'widget' | 'placement';
  readonly name: string;
  readonly channelId: number;
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
  const ours = templates.filter(({ template }) => templateState(template));
  const [widgets, placements] = await Promise.all([
    Promise.all(ours.map(({ uuid }) => client.widgets(uuid))),
    Promise.all(ours.map(({ uuid }) => client.placements(uuid))),
  ]);
  return { scripts, templates, widgets: widgets.flat(), placements: placements.flat() };
}

/**
 * Compares what should be in a store with what is.
 *
 * @returns The steps that make them equal, in an order that is safe to stop after any of them. None when they are equal.
 * @throws {RangeError} `SCRIPT_LIMIT_REACHED` when BigCommerce would not take so many scripts.
 */
export function planSteps(wanted: Wanted, state: StoreState): Plan {
  const plans = [planTemplates(wanted, state), planScripts(wanted, state)];
  return {
    steps: plans.flatMap(({ steps }) => steps),
    notices: plans.flatMap(({ notices }) => notices),
  };
}

function planScripts(wanted: Wanted, state: StoreState): Plan {
  const found = state.scripts.flatMap((script) => {
    const said = scriptState(script.description);
    // A merchant may have emptied the description in Script Manager; the name is ours as well.
    const named = wanted.scripts.find(
      ({ fields, channelId }) => fields.name === script.name && channelId === script.channel_id,
    );
    const identity = said ?? named;
    if (!identity || !wanted.channelIds.includes(identity.channelId)) return [];
    return [{ script, part: identity.part, channelId: identity.channelId }];
  });
  found.sort((a, b) => compareAge(a.script, b.script));

  const kept = new Set<Script>();
  const changes = wanted.scripts.flatMap((want): Step[] => {
    const { channelId, fields } = want;
    const about = { object: 'script', name: fields.name, channelId } as const;
    const is = found.find((one) => one.part === want.part && one.channelId === channelId);
    if (!is) {
      return [
        { ...about, action: 'create', reason: 'missing', run: (client) => client.createScript(fields) },
      ];
    }
    kept.add(is.script);
    const differing = differences(fields, is.script);
    if (differing.length === 0) return [];
    const { uuid } = is.script;
    const reason = differing.join(', ');
    return [{ ...about, action: 'change', reason, run: (client) => client.updateScript(uuid, fields) }];
  });
  const deletions = found
    .filter(({ script }) => !kept.has(script))
    .map(
      ({ script, part, channelId }): Step => ({
        action: 'delete',
        object: 'script',
        name: script.name,
        channelId,
        reason: wanted.scripts.some((want) => want.part === part && want.channelId === channelId)
          ? 'there twice'
          : 'not wanted',
        run: (client) => client.deleteScript(script.uuid),
      }),
    );
  const created = changes.filter(({ action }) => action === 'create').length;
  if (created > 0 && state.scripts.length + created > SCRIPTS_LIMIT) {
    throw new RangeError(
      `SCRIPT_LIMIT_REACHED: ${created} more scripts are needed beside the ${state.scripts.length} that this API account has made, and BigCommerce takes ${SCRIPTS_LIMIT}. Publish fewer storefronts with one account, or delete scripts that are not needed.`,
    );
  }
  return { steps: [...changes, ...deletions], notices: [] };
}

function planTemplates(wanted: Wanted, state: StoreState): Plan {
  const ours = state.templates
    .filter(({ template, channel_id }) => templateState(template) && isIn(wanted.channelIds, channel_id))
    .sort(compareAge);
  const kept = new Set<string>();
  const steps: Step[] = [];
  const notices: Notice[] = [];

  for (const { channelId, fields } of wanted.templates) {
    const about = { object: 'widget template', name: fields.name, channelId } as const;
    const stranger = state.templates.find(
      ({ name, template, channel_id }) =>
        name === fields.name && !templateState(template) && (channel_id ?? channelId) === channelId,
    );
    if (stranger) {
      notices.push({
        code: 'TEMPLATE_NAME_TAKEN',
        message: `Channel ${channelId} has another widget template called "${fields.name}", which somebody else made (${stranger.uuid}). It is left alone; Page Builder lists both.`,
      });
    }
    // Of two, the one that merchants use.
    const candidates = ours.filter(({ channel_id }) => (channel_id ?? channelId) === channelId);
    const is = candidates.find(({ uuid }) => widgetsOf(state, uuid).length > 0) ?? candidates[0];
    if (!is) {
      steps.push({
        ...about,
        action: 'create',
        reason: 'missing',
        run: (client) => client.createWidgetTemplate(fields),
      });
      continue;
    }
    kept.add(is.uuid);
    const differing = templateDifferences(fields, is);
    if (differing.length > 0) {
      steps.push({
        ...about,
        action: 'release',
        reason: differing.join(', '),
        run: (client) => client.releaseWidgetTemplate(is.uuid, fields),
      });
    }
    const outdated = widgetsOf(state, is.uuid).filter(
      ({ version_uuid }) => differing.length > 0 || version_uuid !== is.current_version_uuid,
    );
    if (wanted.placedWidgets === 'upgrade') {
      steps.push(
        ...outdated.map(
          (widget): Step => ({
            action: 'upgrade',
            object: 'widget',
            name: widget.name,
            channelId,
            reason: 'an older version of the template',
            run: (client) => client.upgradeWidget(widget),
          }),
        ),
      );
    } else if (outdated.length > 0) {
      notices.push({
        code: 'WIDGETS_OUTDATED',
        message: `Placed widgets that keep an older version of "${fields.name}" on channel ${channelId}: ${outdated.length}.`,
      });
    }
  }

  for (const template of ours.filter(({ uuid }) => !kept.has(uuid))) {
    const widgets = widgetsOf(state, template.uuid);
    const channelId = template.channel_id ?? wanted.channelIds[0] ?? 0;
    if (widgets.length > 0 && wanted.placedWidgets !== 'delete') {
      notices.push({
        code: 'WIDGETS_STAY',
        message: `The widget template "${template.name}" of channel ${channelId} stays, since placed widgets show it: ${widgets.length}.`,
      });
      continue;
    }
    const uuids = new Set(widgets.map(({ uuid }) => uuid));
    const remove = (object: Step['object'], name: string, run: Step['run']): Step => ({
      action: 'delete',
      object,
      name,
      channelId,
      reason: 'not wanted',
      run,
    });
    steps.push(
      ...state.placements
        .filter(({ widget }) => widget && uuids.has(widget.uuid))
        .map(({ uuid, template_file, region }) =>
          remove('placement', `${template_file || 'every page'}, ${region}`, (client) =>
            client.deletePlacement(uuid),
          ),
        ),
      ...widgets.map(({ uuid, name }) => remove('widget', name, (client) => client.deleteWidget(uuid))),
      remove('widget template', template.name, (client) => client.deleteWidgetTemplate(template.uuid)),
    );
  }
  return { steps, notices };
}

const widgetsOf = ({ widgets }: StoreState, templateUuid: string): Widget[] =>
  widgets.filter(({ widget_template }) => widget_template?.uuid === templateUuid);

const isIn = (channelIds: readonly number[], channelId: number | undefined): boolean =>
  channelId === undefined || channelIds.includes(channelId);

/** The oldest first, so that whoever looks keeps the same one of two. */
function compareAge(a: Script | WidgetTemplate, b: Script | WidgetTemplate): number {
  const [left, right] = [a, b].map(({ date_created = '', uuid }) => `${date_created} ${uuid}`);
  return (left ?? '') < (right ?? '') ? -1 : 1;
}

/**
 * The names of the members that differ. A member that BigCommerce does not show again is compared by the fingerprint in the
 * description, which differs along with it.
 */
function differences(wanted: WantedScript['fields'], is: Script): string[] {
  const shown: Readonly<Record<string, unknown>> = is;
  return Object.entries(wanted).flatMap(([name, value]) =>
    shown[name] === undefined || isHeld(value, shown[name]) ? [] : [name],
  );
}

/** The names of the members in which a widget template differs from what it should be. */
export function templateDifferences(wanted: WantedTemplate['fields'], is: WidgetTemplate): string[] {
  const isSame = {
    name: is.name === wanted.name,
    template: isHeld(wanted.template, is.template),
    schema: is.schema === undefined || isHeld(wanted.schema, is.schema),
    schema_translations:
      !is.schema_translations ||
      isHeld(JSON.parse(wanted.schema_translations), parsed(is.schema_translations)),
  };
  return Object.entries(isSame).flatMap(([name, same]) => (same ? [] : [name]));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether all of what we sent is there. BigCommerce may add members of its own, and has its own idea of line ends. */
function isHeld(wanted: unknown, is: unknown): boolean {
  if (typeof wanted === 'string' && typeof is === 'string') return trimmed(wanted) === trimmed(is);
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(is) &&
      wanted.length === is.length &&
      wanted.every((item, index) => isHeld(item, is[index]))
    );
  }
  if (typeof wanted === 'object' && wanted !== null) {
    const there = new Map(typeof is === 'object' && is !== null ? Object.entries(is) : []);
    return Object.entries(wanted).every(([name, value]) => isHeld(value, there.get(name)));
  }
  return wanted === is;
}

const trimmed = (text: string): string => text.replaceAll('\r\n', '\n').trim();
