import type { Spot } from '../draft.js';
import { say } from './announce.js';
import type { Drag } from './drag.js';
import { makeDragSource } from './drag-source.js';
import type { Editing } from './editing.js';
import { element, onClick, part } from './element.js';
import type { PageFrame } from './page-frame.js';
import { regionLabel } from './region-label.js';
import { addMenu, type Choice } from './region-menu.js';
import { drawSettings } from './settings-panel.js';

/** The column on the left: the widgets that there are, or the settings of the selected one. */
export interface LeftColumn {
  /** The selected placement. */
  selected(): string | undefined;
  /** Opens the settings of a widget, and goes there. */
  select(placementUuid: string): void;
  /** Shows the lists again. */
  close(): void;
  /** Puts a widget somewhere else, and opens its settings. */
  move(placementUuid: string, spot: Spot): void;
  /** Shows the list of the page's widgets as it is now. */
  showPlaced(): void;
  setLanguage(language: string): void;
}

/** @param showMarks - Has the framed page show what is selected, and nothing of a choice that was given up. */
export function createLeftColumn(
  editing: Editing,
  frame: PageFrame,
  drag: Drag,
  showMarks: () => void,
): LeftColumn {
  let selected: string | undefined;
  let language = '';
  const lists = part('widgets', HTMLElement);
  const settings = part('settings', HTMLElement);

  const regionChoices = (choose: (region: string) => void): Choice[] =>
    editing.page().regions.map((name) => ({
      label: regionLabel(name),
      choose: () => choose(name),
      preview: () => {
        frame.mark({ isDropping: true, spot: { region: name }, selected });
        frame.reveal(name);
      },
    }));

  const drawForm = (): void => {
    const found = editing.find(selected);
    if (!found) return;
    const { placement, widget } = found;
    const form = editing.formOf(widget);
    const place = regionLabel(placement.region);
    part('settings-heading', HTMLElement).textContent = widget.name;
    part('place', HTMLElement).textContent = placement.entity_id ? `${place}, on this page only` : place;
    part('form', HTMLElement).replaceChildren(
      form
        ? drawSettings(form, language, widget.widget_configuration, (configuration) =>
            editing.configure(widget.uuid, configuration),
          )
        : element('p', { className: 'notice' }, 'The template of this widget is gone. It shows nothing now.'),
    );
  };

  const open = (placementUuid: string): void => {
    selected = placementUuid;
    lists.hidden = true;
    settings.hidden = false;
    drawForm();
    showMarks();
    const region = editing.find(placementUuid)?.placement.region;
    if (region !== undefined) frame.reveal(region, placementUuid);
  };

  const column: LeftColumn = {
    selected: () => selected,
    select(placementUuid) {
      // The framed page may still show what was deleted a moment ago.
      if (!editing.find(placementUuid)) return;
      open(placementUuid);
      part('settings-heading', HTMLElement).focus();
    },
    close() {
      selected = undefined;
      lists.hidden = false;
      settings.hidden = true;
      showMarks();
    },
    move(placementUuid, spot) {
      editing.move(placementUuid, spot);
      open(placementUuid);
      say(`Moved to ${regionLabel(spot.region)}.`);
    },
    showPlaced() {
      const placed = editing.placed();
      const items = placed.map(({ placement, widget }) => {
        const name = element('b', {}, widget.name);
        const inRegion = placed.filter((other) => other.placement.region === placement.region);
        const position = inRegion.findIndex((other) => other.placement === placement) + 1;
        const number = inRegion.length > 1 ? `, ${position} of ${inRegion.length}` : '';
        const place = `${regionLabel(placement.region)}${number}`;
        const button = element('button', { type: 'button', className: 'plain' }, name, ' ', place);
        button.addEventListener('click', () => column.select(placement.uuid));
        return element('li', {}, button);
      });
      if (items.length === 0) {
        items.push(element('li', { className: 'help' }, 'No widgets on this page yet.'));
      }
      part('placed', HTMLElement).replaceChildren(...items);
    },
    setLanguage(chosen) {
      language = chosen;
      drawForm();
    },
  };

  const add = (templateUuid: string, spot: Spot): void => {
    const placementUuid = editing.add(templateUuid, spot);
    if (placementUuid === undefined) return;
    column.select(placementUuid);
    say(`Added to ${regionLabel(spot.region)}.`);
  };
  const shift = (by: -1 | 1): void => {
    const shifted = selected && editing.shift(selected, by);
    if (shifted) say(`Number ${shifted.position} of ${shifted.count} in its region.`);
    else say(by < 0 ? 'It is the first one in its region.' : 'It is the last one in its region.');
  };
  const leave = (): void => {
    column.close();
    part('widgets-heading', HTMLElement).focus();
  };

  if (editing.templates.length === 0) {
    part('templates-help', HTMLElement).replaceChildren(
      'This store has no widgets yet. Publish them first, with ',
      element('code', {}, 'extole-bigcommerce publish'),
      ', and load this page again.',
    );
  }
  for (const { uuid, name } of editing.templates) {
    const button = element('button', { type: 'button', className: 'template' }, name);
    part('templates', HTMLElement).append(element('li', { className: 'with-menu' }, button));
    makeDragSource(button, name, frame, drag, (spot) => add(uuid, spot));
    addMenu(button, 'Add to region', () => regionChoices((region) => add(uuid, { region })), showMarks);
  }
  onClick('back', leave);
  onClick('up', () => shift(-1));
  onClick('down', () => shift(1));
  onClick('delete', () => {
    if (selected === undefined) return;
    editing.remove(selected);
    leave();
    say('Deleted.');
  });
  addMenu(
    part('move', HTMLButtonElement),
    'Move to region',
    () => regionChoices((region) => selected !== undefined && column.move(selected, { region })),
    showMarks,
  );
  return column;
}
