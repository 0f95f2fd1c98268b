import { z } from 'zod';

const Option = z.strictObject({ label: z.string(), value: z.string() });
const Measurement = z.strictObject({ value: z.string(), type: z.string() }).partial();
const Image = z
  .looseObject({
    src: z.string(),
    type: z.enum(['NONE', 'URL', 'IMAGE_MANAGER', 'PRODUCT_IMAGE']),
  })
  .partial();
const Conditional = z.strictObject({
  key: z.string(),
  operator: z.literal('IN'),
  value: z.array(z.union([z.string(), z.number(), z.boolean()])).min(1),
});

const Settings: z.ZodType = z.lazy(() => z.array(z.discriminatedUnion('type', SETTINGS)));

/** All that `typeMeta` may hold; `SETTINGS` says which setting needs what of it. */
const TypeMeta = z
  .strictObject({
    conditionalSettings: z.array(z.strictObject({ condition: z.string(), settings: Settings })),
    controls: z
      .strictObject({
        visibility: z.strictObject({ default: z.enum(['show', 'hide']).optional() }),
        advanced: z.strictObject({ label: z.string().optional(), settings: Settings }),
      })
      .partial(),
    display: z.enum(['horizontal', 'vertical', 'both']),
    helpInfo: z.string(),
    language: z.literal('html'),
    mappings: z.record(z.string(), z.strictObject({ reads: z.string(), type: z.string() })),
    maxLength: z.number(),
    parseType: z.enum(['integer', 'float']),
    placeholder: z.string(),
    rangeValues: z.strictObject({
      min: z.number().optional(),
      max: z.number().optional(),
      sliderMin: z.number().optional(),
      sliderMax: z.number().optional(),
      step: z.number(),
      unit: z.string().optional(),
    }),
    reference: z.string(),
    regExPatterns: z.array(
      z.strictObject({ pattern: z.string(), matchIndex: z.number().optional(), configKey: z.string() }),
    ),
    selectOptions: z.array(Option).min(1),
    settings: Settings,
    tags: z.array(z.string()),
  })
  .partial();

/** A setting of one type: what its default is, and what its `typeMeta` must hold. */
function setting<const Type extends string>(
  type: Type,
  defaultValue: z.ZodType,
  typeMeta: z.ZodType = TypeMeta.optional(),
) {
  return z.strictObject({
    type: z.literal(type),
    id: z.string().min(1),
    label: z.string().optional(),
    default: defaultValue.optional(),
    typeMeta,
    conditional: Conditional.optional(),
  });
}

const SETTINGS = [
  setting(
    'alignment',
    z
      .strictObject({
        horizontal: z.enum(['left', 'right', 'center']),
        vertical: z.enum(['top', 'bottom', 'middle']),
      })
      .partial(),
  ),
  setting('boolean', z.boolean()),
  setting(
    'boxModel',
    z
      .strictObject({ top: Measurement, right: Measurement, bottom: Measurement, left: Measurement })
      .partial(),
  ),
  setting('code', z.string()),
  setting('color', z.string()),
  setting('element', z.unknown(), TypeMeta.required({ controls: true })),
  setting('imageManager', Image),
  setting('input', z.string()),
  setting(
    'number',
    z.strictObject({ value: z.union([z.number(), z.string()]), type: z.string().optional() }),
  ),
  setting('productId', z.union([z.string(), z.number()])),
  setting('productImage', z.union([z.literal(''), Image])),
  setting('range', z.number(), TypeMeta.required({ rangeValues: true })),
  setting('regexInput', z.string(), TypeMeta.required({ regExPatterns: true })),
  setting('select', z.string(), TypeMeta.required({ selectOptions: true })),
  setting('text', z.string()),
  setting('toggle', z.string()),
  setting('typography', z.string()),
  setting('visibility', z.enum(['show', 'hide'])),
] as const;

/** Every type that a setting of a section may have. */
export const SETTING_TYPES: readonly string[] = SETTINGS.map(({ shape }) => shape.type.value);

/** Every type of what stands at the root of a schema. */
export const ROOT_TYPES: readonly string[] = ['tab', 'array', 'hidden'];

/** Every name that a member may have somewhere in a schema. */
export const SCHEMA_KEYS: readonly string[] = [
  ...['type', 'id', 'label', 'default', 'typeMeta', 'conditional', 'key', 'operator', 'value', 'sections'],
  ...[
    'entryLabel',
    'defaultCount',
    'thumbnail',
    'schema',
    'min',
    'max',
    'step',
    'unit',
    'advanced',
    'visibility',
  ],
  ...Object.keys(TypeMeta.shape),
];

/**
 * The shape of a widget's `schema.json`.
 *
 * Sources: BigCommerce, "Widget UI Schema" and "Widget UI Input Types"; the schema that Widget Builder validates by; `element`,
 * `typography`, `visibility` and `graphQl`, which the Widgets API takes though its OpenAPI file does not list them.
 */
export const WidgetSchema: z.ZodType = z.lazy(() =>
  z.array(
    z.discriminatedUnion('type', [
      z.strictObject({
        type: z.literal('tab'),
        label: z.string(),
        sections: z.array(z.strictObject({ label: z.string().optional(), settings: Settings })),
      }),
      z.strictObject({
        type: z.literal('array'),
        id: z.string().min(1),
        label: z.string(),
        entryLabel: z.string(),
        defaultCount: z.number().optional(),
        thumbnail: z.looseObject({}).optional(),
        schema: WidgetSchema,
      }),
      z.strictObject({
        type: z.literal('hidden'),
        // Nothing is drawn for a hidden setting, so that any type and any default will do.
        settings: z.array(z.looseObject({ id: z.string().min(1), typeMeta: TypeMeta.optional() })),
      }),
    ]),
  ),
);
