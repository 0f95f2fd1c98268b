import { createRequire } from 'node:module';

/** BigCommerce's two Handlebars engines: v3 renders widgets, v4 is what Cornerstone asks for. */
export type Engine = 'handlebars-v3' | 'handlebars-v4';

/** Where templates and translations come from; the shape that stencil-paper asks for. */
interface Assembler {
  getTemplates(path: string, process: (templates: Record<string, string>) => unknown): Promise<unknown>;
  getTranslations(): Promise<Record<string, Record<string, unknown>>>;
}

/** The part of stencil-paper that we use. The package is CommonJS and brings no types. */
interface PaperInstance {
  setContent(regions: Readonly<Record<string, string>>): void;
  loadTheme(paths: readonly string[], acceptLanguage: string): Promise<unknown>;
  render(path: string, context: object): Promise<string>;
  renderString(template: string, context: object): Promise<unknown>;
}

type PaperConstructor = new (
  siteSettings: object,
  themeSettings: object,
  assembler: Assembler,
  engine: Engine,
  logger: Console,
  logLevel: string,
  params: object,
) => PaperInstance;

const Paper: PaperConstructor = createRequire(import.meta.url)('@bigcommerce/stencil-paper');

/** A theme: its templates by path (`pages/home`), and the languages its translator may choose from. */
export interface Theme {
  readonly templates: Readonly<Record<string, string>>;
  readonly translations: Readonly<Record<string, Record<string, unknown>>>;
}

const NO_THEME: Theme = { templates: {}, translations: { en: {} } };

// State lives on a Paper, so each rendering gets a new one. Any logger but `console` would make
// stencil-paper replace the global console methods.
function createPaper(engine: Engine, theme: Theme): PaperInstance {
  const assembler: Assembler = {
    getTemplates: async (_path, process) => process({ ...theme.templates }),
    getTranslations: async () => ({ ...theme.translations }),
  };
  return new Paper({}, {}, assembler, engine, console, 'error', {});
}

/**
 * Renders a piece of Handlebars as BigCommerce does for a widget or a script of the Scripts API.
 *
 * @param template - The text, with mustaches.
 * @param context - What the mustaches may name.
 * @param engine - Which of BigCommerce's engines.
 * @returns What the engine printed. Rejects with the engine's own error when a helper throws or the text does not parse.
 */
export async function renderString(
  template: string,
  context: object,
  engine: Engine = 'handlebars-v4',
): Promise<string> {
  return String(await createPaper(engine, NO_THEME).renderString(template, context));
}

/**
 * Renders a page of a theme as BigCommerce does for a storefront.
 *
 * @param options.path - The template: `pages/home`.
 * @param options.acceptLanguage - The browser's `Accept-Language`; the theme's translator picks from it.
 * @param options.regions - HTML by region name: what the merchant's widgets rendered to.
 * @returns The page's HTML.
 */
export async function renderPage(options: {
  theme: Theme;
  path: string;
  context: object;
  acceptLanguage: string;
  regions: Readonly<Record<string, string>>;
}): Promise<string> {
  const paper = createPaper('handlebars-v4', options.theme);
  paper.setContent(options.regions);
  await paper.loadTheme([options.path], options.acceptLanguage);
  return String(await paper.render(options.path, options.context));
}
