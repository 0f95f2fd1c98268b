import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { renderString } from '../../examples/sandbox/engine.js';
import { fillScriptHtml } from '../../src/store/script-html.js';
import type { Scripts } from './scripts.js';

const PROGRAM_DOMAIN = 'share.brand.com';

const CONFIG = `<script>window.extoleStorefront={programDomain:'${PROGRAM_DOMAIN}'}</script>`;
const DONE = '<script src="/done.js"></script>';

/** A page with each script as it is documented to be put there, and one zone where the script knows zones. */
const single: Readonly<Record<keyof Scripts, string>> = {
  ours: `<extole-zone name="global_header"></extole-zone><script src="/ours.js" data-program-domain="${PROGRAM_DOMAIN}"></script>`,
  stripe: '<script src="/stripe.js"></script>',
  squatch: `<script src="/squatch.js"></script><script>squatch.init({tenantAlias:'x'})</script>`,
  floor: `<div data-extole-zone="global_header"></div>${floorTag('')}`,
};

function floorTag(attribute: string): string {
  return `<script ${attribute} src="/floor.js" data-program-domain="${PROGRAM_DOMAIN}"></script>`;
}

/**
 * A page of 100 products, each of 50 elements with its zone, and with a queue of Extole's that leaves a mark in the trace
 * when it is called for the last zone.
 */
function manyZones(zone: string, script: string): string {
  const queue =
    "<script>let asked=0;window.extole={q:[],createZone(){if(++asked===100)console.timeStamp('last zone')}}</script>";
  const product = `<article>${zone}${'<p><a href="#">A</a> <b>9</b></p>'.repeat(16)}</article>`;
  return `${queue}${CONFIG}${product.repeat(100)}${script}`;
}

const ourZone = '<extole-zone name="product"></extole-zone>';
const floorZone = '<div data-extole-zone="product"></div>';

/** What our templates put into the head of each storefront page, as BigCommerce renders it for a guest. */
async function templateTags(): Promise<string> {
  const template = readFileSync(new URL('../../templates/script.html', import.meta.url), 'utf8');
  const filled = fillScriptHtml(template, { programDomain: PROGRAM_DOMAIN, sdkUrl: '/ours.js' });
  return renderString(filled, { customer: null }, 'handlebars-v4');
}

/** The pages of the bench, served from this machine. */
export interface BenchPages {
  /** Where a page is: `single/stripe`, `zones/floor/async`, `templates`. */
  readonly urlOf: (path: string) => string;
  /** Where a script is, to find it in a trace. */
  readonly scriptUrlOf: (name: keyof Scripts) => string;
  readonly close: () => void;
}

/** Serves the bench's pages and scripts. The scripts may be cached, for each contestant alike; the pages may not. */
export async function servePages(scripts: Scripts): Promise<BenchPages> {
  const bodies = new Map<string, string>([
    ...Object.entries(single).map(([name, body]): [string, string] => [`/single/${name}`, body]),
    ['/zones/ours/end', manyZones(ourZone, '<script src="/ours.js"></script>')],
    ['/zones/ours/async', manyZones(ourZone, '<script async src="/ours.js"></script>')],
    ['/zones/floor/end', manyZones(floorZone, floorTag(''))],
    ['/zones/floor/async', manyZones(floorZone, floorTag('async'))],
    ['/templates', '<extole-zone name="global_header"></extole-zone>'],
  ]);
  const heads = new Map([['/templates', await templateTags()]]);
  const files = new Map<string, string>([
    ...Object.entries(scripts).map(([name, code]): [string, string] => [`/${name}.js`, code]),
    ['/done.js', readFileSync(new URL('done.js', import.meta.url), 'utf8')],
  ]);

  const server = createServer(({ url = '' }, response) => {
    const script = files.get(url);
    const body = bodies.get(url);
    if (script !== undefined) {
      response.writeHead(200, {
        'content-type': 'text/javascript; charset=utf-8',
        'cache-control': 'max-age=3600',
      });
      response.end(script);
    } else if (body !== undefined) {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
      response.end(
        `<!doctype html><html lang="en"><head><title>Bench</title>${heads.get(url) ?? ''}</head><body>${body}${DONE}</body></html>`,
      );
    } else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const address = server.address();
  const origin = `http://localhost:${typeof address === 'object' ? address?.port : ''}`;
  return {
    urlOf: (path) => `${origin}/${path}`,
    scriptUrlOf: (name) => `${origin}/${name}.js`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
