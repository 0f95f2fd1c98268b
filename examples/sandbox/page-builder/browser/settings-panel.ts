import type { Setting, WidgetForm } from '../schema.js';
import { type Configuration, isAskedFor, shownValue, translate, withoutLineBreaks } from '../settings.js';
import { element } from './element.js';

/**
 * Draws the settings of a widget, as BigCommerce's Page Builder does: tabs, sections that fold, a control for each setting.
 *
 * @param onChange - Is given all of the widget's settings whenever one changes.
 */
export function drawSettings(
  form: WidgetForm,
  language: string,
  initial: Configuration,
  onChange: (configuration: Configuration) => void,
): HTMLElement {
  let configuration = initial;
  const say = (text: string): string => translate(text, form, language);
  const rows: { row: HTMLElement; setting: Setting; siblings: readonly Setting[] }[] = [];
  // Fields stay the same elements, so that a change does not take the focus away.
  const showAskedFor = (): void => {
    for (const { row, setting, siblings } of rows) row.hidden = !isAskedFor(setting, siblings, configuration);
  };

  const drawSetting = (setting: Setting, siblings: readonly Setting[]): HTMLElement => {
    const id = `setting-${setting.id}`;
    const help = say(setting.typeMeta.helpInfo);
    const change = (value: unknown): void => {
      configuration = { ...configuration, [setting.id]: value };
      showAskedFor();
      onChange(configuration);
    };
    const control = drawControl(setting, say, shownValue(setting, configuration), change);
    const row = element('div', { className: `setting setting-${setting.type}` });
    if (!control) {
      row.append(
        element(
          'p',
          { className: 'notice' },
          `“${say(setting.label)}”: settings of the type “${setting.type}” are not drawn in this sandbox.`,
        ),
      );
    } else {
      const [field] = control;
      field.id = id;
      row.append(element('label', { htmlFor: id }, say(setting.label)), ...control);
      if (help) {
        row.append(element('p', { id: `${id}-help`, className: 'help' }, help));
        field.setAttribute('aria-describedby', `${id}-help`);
      }
    }
    rows.push({ row, setting, siblings });
    return row;
  };

  const drawn = element('div', { lang: language });
  for (const tab of form.tabs) {
    if (form.tabs.length > 1) drawn.append(element('h3', {}, say(tab.label)));
    for (const { label, settings } of tab.sections) {
      const fields = settings.map((setting) => drawSetting(setting, settings));
      drawn.append(
        label
          ? element(
              'details',
              { open: true, className: 'section' },
              element('summary', {}, say(label)),
              ...fields,
            )
          : element('div', { className: 'section' }, ...fields),
      );
    }
  }
  for (const type of form.undrawn) {
    drawn.append(
      element('p', { className: 'notice' }, `A part of the type “${type}” is not drawn in this sandbox.`),
    );
  }
  showAskedFor();
  return drawn;
}

/** The setting's field, and what stands beside it; `undefined` for a type that is not drawn. */
function drawControl(
  { type, label, typeMeta }: Setting,
  say: (text: string) => string,
  value: unknown,
  change: (value: unknown) => void,
): [field: HTMLElement, ...beside: HTMLElement[]] | undefined {
  const text = typeof value === 'string' ? value : '';
  const placeholder = say(typeMeta.placeholder);
  switch (type) {
    case 'select': {
      const options = typeMeta.selectOptions.map((option) => new Option(say(option.label), option.value));
      const field = element('select', {}, ...options);
      field.value = text;
      field.addEventListener('change', () => change(field.value));
      return [field];
    }
    case 'input': {
      const field = element('input', { value: text, placeholder });
      field.addEventListener('input', () => change(field.value));
      return [field];
    }
    case 'text': {
      const field = element('textarea', { value: text, placeholder, rows: 6, spellcheck: false });
      field.addEventListener('input', () => change(withoutLineBreaks(field.value)));
      return [field];
    }
    case 'boolean': {
      const field = element('input', { type: 'checkbox', checked: value === true });
      field.addEventListener('change', () => change(field.checked));
      return [field];
    }
    case 'range': {
      const { min, max, step, unit } = typeMeta.rangeValues;
      const bounds = { min: `${min}`, max: `${max}`, step: `${step}` };
      const start = `${Number(value) || min}`;
      const field = element('input', { type: 'number', ...bounds, value: start });
      const slider = element('input', { type: 'range', ...bounds, value: start, ariaLabel: say(label) });
      const bounded = (): number => Math.min(max, Math.max(min, Number(field.value)));
      const take = (): void => {
        slider.value = `${bounded()}`;
        change(bounded());
      };
      field.addEventListener('input', take);
      // Not before: a number that is being typed may be too small for a moment.
      field.addEventListener('change', () => {
        field.value = `${bounded()}`;
      });
      slider.addEventListener('input', () => {
        field.value = slider.value;
        take();
      });
      return [field, element('span', { className: 'unit' }, unit), slider];
    }
    default:
      return undefined;
  }
}
