import type { FastifyHelmetOptions } from '@fastify/helmet';
import type { AppConfig } from '../config.js';

/** What everything is sent with: nothing runs from it, and nobody frames it. */
export const SECURITY_HEADERS: FastifyHelmetOptions = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  xFrameOptions: { action: 'deny' },
};

/**
 * What the settings page is sent with, and the page that stands in its place when it can't be shown: BigCommerce's control panel
 * frames them. `X-Frame-Options` knows only one origin, and would keep it from that.
 */
export const pageHeaders = ({ frameAncestors }: Pick<AppConfig, 'frameAncestors'>): FastifyHelmetOptions => ({
  enableCSPNonces: true,
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      connectSrc: ["'self'"],
      fontSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: [...frameAncestors],
    },
  },
  xFrameOptions: false,
});
