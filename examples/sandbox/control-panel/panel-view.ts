import type { FastifyReply, FastifyRequest } from 'fastify';
import { recall } from '../requests.js';
import type { AppInstallation } from './app-installation.js';
import type { PanelView } from './pages.js';
import { LOCALES, OWNER, STAFF, type StaffMember } from './staff.js';

/** The store whose control panel it is. */
export interface PanelStore {
  readonly name: string;
  readonly storefrontUrl: string;
  readonly installation: AppInstallation;
  /** Whether it has the orders. */
  readonly hasOrders: boolean;
}

/** What a page is about that a request asks for. */
export function viewOf(request: FastifyRequest, store: PanelStore): PanelView {
  return {
    storeName: store.name,
    storefrontUrl: store.storefrontUrl,
    installation: store.installation,
    hasOrders: store.hasOrders,
    user: personOf(Number(recall(request, 'staff'))),
    locale: localeOf(recall(request, 'staff_locale')),
    path: request.url,
  };
}

/** Answers with a page. */
export const sendPage = (reply: FastifyReply, body: string): FastifyReply =>
  reply.type('text/html; charset=utf-8').header('cache-control', 'no-store').send(body);

/** The person of an id; the owner where there is none. */
export const personOf = (id: number): StaffMember => STAFF.find((person) => person.id === id) ?? OWNER;

/** One of the control panel's languages. */
export const localeOf = (locale: string): string => (Object.hasOwn(LOCALES, locale) ? locale : 'en-US');
