import type { StateAnswer } from '../catalog/admin-api.js';
import { ORDER_EVENTS, SWITCHED_ZONES } from '../catalog/settings.js';
import type { Editable, Field } from './draft.js';
import type { MessageId } from './languages.js';
import type { Text } from './use-text.js';

const LABELS: Readonly<Record<string, MessageId>> = {
  sameAs: 'channel.settings',
  'settings.isEnabled': 'core.enable',
  'settings.programDomain': 'core.domain',
  'settings.orderConfirmation': 'confirmation.enable',
  'settings.consentCategory': 'consent.category',
  'settings.requireConsent': 'consent.require',
  'settings.browserConversion': 'conversion.enable',
  'settings.cartValue': 'cartValue.label',
  'settings.eventEndpoint': 'events.endpoint',
  'settings.programLabel': 'events.programLabel',
  'settings.orderCreatedFields': 'data.header',
  'settings.customEventData': 'custom.header',
  ...Object.fromEntries(SWITCHED_ZONES.map((zone) => [`settings.zones.${zone}`, `zone.${zone}`] as const)),
  ...Object.fromEntries(
    ORDER_EVENTS.map((event) => [`settings.orderEvents.${event}.isEnabled`, `event.${event}`] as const),
  ),
};

/** What a field of an order event is called, by the end of its path. */
const MEMBERS = [
  ['.name', 'events.name'],
  ['.statusIds', 'events.statuses'],
  ['.timing', 'events.timing'],
] as const;

/** What a field is called on the page. */
export function fieldLabel(text: Text, path: string): string {
  const id = LABELS[path];
  if (id !== undefined) return text(id);
  const event = ORDER_EVENTS.find((one) => path.startsWith(`settings.orderEvents.${one}.`));
  const [, member] = MEMBERS.find(([end]) => path.endsWith(end)) ?? [];
  return event && member ? `${text(`event.${event}.more`)}: ${text(member)}` : path;
}

/** What a field holds, for people. */
export function fieldText(text: Text, state: StateAnswer, { path, of }: Field, editable: Editable): string {
  const { settings, sameAs } = editable;
  if (path === 'sameAs') {
    const name = state.channels.find(({ channelId }) => channelId === sameAs)?.name ?? `${sameAs}`;
    return sameAs === null ? text('channel.own') : text('channel.sameAs', { name });
  }
  if (path === 'settings.consentCategory') return text(`consent.${settings.consentCategory}`);
  if (path === 'settings.cartValue') return text(`cartValue.${settings.cartValue}`);
  if (path === 'settings.eventEndpoint') return text(`events.endpoint.${settings.eventEndpoint}`);
  if (path === 'settings.orderEvents.created.timing') {
    return text(`events.timing.${settings.orderEvents.created.timing}`);
  }
  if (path === 'settings.orderCreatedFields') {
    return settings.orderCreatedFields.map((one) => text(`field.${one}`)).join(', ');
  }
  if (path === 'settings.customEventData') {
    const rows = settings.customEventData.map(({ key, value }) => `${key}: ${value}`).join(', ');
    return rows || text('conflict.empty');
  }
  const event = ORDER_EVENTS.find((one) => path === `settings.orderEvents.${one}.statusIds`);
  if (event) {
    const labels = settings.orderEvents[event].statusIds.map(
      (id) => state.orderStatuses.find((one) => one.id === id)?.label ?? `${id}`,
    );
    return labels.join(', ') || text('conflict.empty');
  }
  const value = of(editable);
  if (typeof value === 'boolean') return text(value ? 'conflict.on' : 'conflict.off');
  return `${value ?? ''}` || text('conflict.empty');
}
