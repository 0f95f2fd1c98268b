import { join } from 'node:path';
import type { Finding } from '../finding.js';
import { checkConfiguration } from './check-configuration.js';
import { checkJson } from './check-json.js';
import { checkConfigurationPlaceholders, checkSchemaPlaceholders } from './check-placeholders.js';
import { checkQuery } from './check-query.js';
import { checkReferences } from './check-references.js';
import { checkSchema } from './check-schema.js';
import { checkSyntax, checkTemplate } from './check-template.js';
import { checkTranslations } from './check-translations.js';
import { checkRootElement, checkSettingUses } from './check-widget-template.js';
import type { JsonNode } from './read-json.js';
import { readSettings, type Setting } from './settings.js';
import { ANY, configurationShape, objectOf, type Shape } from './shape.js';
import { hasElement, templateText } from './template-html.js';
import { readUses } from './template-uses.js';

/** The texts of a widget's files, as Widget Builder names them; `undefined` where there is no such file. */
export interface WidgetFiles {
  /** `widget.html` */
  readonly template: string | undefined;
  /** `schema.json` */
  readonly schema: string | undefined;
  /** `schema_translations.json` */
  readonly translations: string | undefined;
  /** `config.json`: the configuration that Widget Builder previews with */
  readonly configuration: string | undefined;
  /** `query.graphql` */
  readonly query: string | undefined;
}

/** A JSON file that was read. */
interface JsonFile {
  readonly file: string;
  readonly root: JsonNode;
}

/** A widget's schema, and what follows from it. */
interface Schema extends JsonFile {
  readonly settings: readonly Setting[];
  /** What the widget's configuration holds. */
  readonly configuration: Shape;
}

/**
 * Checks that the files of a widget are right, and fit together.
 *
 * @param folder - The widget's folder, as findings should name it.
 */
export function validateWidget(folder: string, files: WidgetFiles): Finding[] {
  const findings: Finding[] = [];
  const read = (name: string, text: string | undefined): JsonFile | undefined => {
    if (text === undefined) return undefined;
    const file = join(folder, name);
    const { root, findings: found } = checkJson(file, text);
    findings.push(...found);
    return root && { file, root };
  };
  const schema = withSettings(read('schema.json', files.schema));
  const translations = read('schema_translations.json', files.translations);
  const configuration = read('config.json', files.configuration);

  return [
    ...findings,
    ...checkFiles(folder, files),
    ...(schema ? checkSchemaFiles(schema, translations) : []),
    ...(configuration
      ? checkConfiguration(configuration.file, configuration.root, schema?.configuration ?? ANY)
      : []),
    ...checkTemplateFiles(folder, files, schema),
    ...(hasElement(files.template ?? '', 'extole-zone') ? checkPlaceholders(schema, configuration) : []),
  ];
}

function withSettings(read: JsonFile | undefined): Schema | undefined {
  if (!read) return undefined;
  const settings = readSettings(read.root);
  return { ...read, settings, configuration: configurationShape(settings) };
}

function checkFiles(folder: string, { template, schema }: WidgetFiles): Finding[] {
  const findings: Finding[] = [];
  if (schema === undefined) {
    findings.push({
      code: 'WIDGET_FILE_MISSING',
      severity: 'warning',
      file: join(folder, 'schema.json'),
      what: 'The widget has no schema.json.',
      why: 'Merchants have nothing to set in Page Builder, and nobody can tell what the template may use.',
      todo: 'Add schema.json.',
    });
  }
  if (template === undefined) {
    findings.push({
      code: 'WIDGET_FILE_MISSING',
      severity: 'error',
      file: join(folder, 'widget.html'),
      what: 'The widget has no widget.html.',
      why: 'There is nothing to render.',
      todo: 'Add widget.html.',
    });
  }
  return findings;
}

function checkSchemaFiles(schema: Schema, translations: JsonFile | undefined): Finding[] {
  const { file, root, settings } = schema;
  return [
    ...checkSchema(file, root, settings),
    ...checkReferences(file, settings),
    ...checkTranslations(schema, translations),
  ];
}

function checkTemplateFiles(folder: string, files: WidgetFiles, schema: Schema | undefined): Finding[] {
  if (files.template === undefined) return [];
  const file = join(folder, 'widget.html');
  const { program, findings } = checkSyntax(file, files.template);
  if (!program) return findings;
  const template = templateText(files.template);
  const uses = readUses(program, schema ? withOwnData(schema.configuration) : ANY);
  const query = files.query?.trim() ? { file: join(folder, 'query.graphql'), text: files.query } : undefined;
  return [
    ...findings,
    ...checkTemplate(file, template, program, uses),
    ...(schema ? checkSettingUses(file, schema, uses) : []),
    ...checkRootElement(file, template, program),
    ...checkQuery(query, schema, file, uses),
  ];
}

function checkPlaceholders(schema: Schema | undefined, configuration: JsonFile | undefined): Finding[] {
  return [
    ...(schema ? checkSchemaPlaceholders(schema.file, schema.root) : []),
    ...(configuration ? checkConfigurationPlaceholders(configuration.file, configuration.root) : []),
  ];
}

/** What a template gets besides the configuration: `_.id`, the widget's id, and `_.data`, the answer to its query. */
function withOwnData(configuration: Shape): Shape {
  return configuration.kind === 'object'
    ? { kind: 'object', members: new Map([...configuration.members, ['_', objectOf('id', { data: ANY })]]) }
    : configuration;
}
