import type { StateAnswer } from '../page-builder-api.js';
import { complain, say } from './announce.js';
import { createApi } from './api.js';
import { createDrag } from './drag.js';
import { createEditing } from './editing.js';
import { part } from './element.js';
import { createLeftColumn } from './left-column.js';
import { createPageFrame } from './page-frame.js';
import { regionLabel } from './region-label.js';
import { createTopBar } from './top-bar.js';

const parameters = new URLSearchParams(location.search);
const api = createApi(parameters.get('channelId') ?? '1');

api.state().then(start).catch(complain);

/** Connects the parts of the page: what is edited, the framed page, the bar and the column. */
function start(initial: StateAnswer): void {
  const editing = createEditing(api, initial, parameters.get('path') ?? '/', () => {
    bar.showState();
    column.showPlaced();
    void showWidgets();
  });
  const frame = createPageFrame(
    part('frame', HTMLIFrameElement),
    part('stage', HTMLElement),
    editing.storefrontUrl,
    {
      ready: showWidgets,
      select: (placementUuid) => column.select(placementUuid),
      follow: open,
      drag: (placementUuid, x, y) => {
        if (!drag.isGoingOn()) drag.start((spot) => column.move(placementUuid, spot));
        drag.move({ x, y });
      },
      drop: () => drag.drop(),
      cancel: () => drag.cancel(),
    },
  );
  const drag = createDrag(frame, (spot, isDropping) => {
    frame.mark({ isDropping, spot, selected: column.selected() });
    if (spot) say(regionLabel(spot.region));
  });
  const showMarks = (): void => frame.mark({ isDropping: false, selected: column.selected() });
  const column = createLeftColumn(editing, frame, drag, showMarks);
  const bar = createTopBar(editing, initial.forms, {
    page: open,
    mode: load,
    width: () => frame.setWidth(bar.widthPx()),
    language: () => column.setLanguage(bar.language()),
  });

  let isRendering = false;
  let isOutdated = false;
  /** Shows the page's widgets as they are now: one request at a time, and one more when there were changes meanwhile. */
  async function showWidgets(): Promise<void> {
    isOutdated = true;
    if (isRendering) return;
    isRendering = true;
    while (isOutdated) {
      isOutdated = false;
      const page = editing.page();
      try {
        const { regions } = await editing.render();
        if (page === editing.page()) frame.show(regions);
        complain();
      } catch (error) {
        complain(error);
      }
    }
    isRendering = false;
    showMarks();
  }

  function open(path: string): void {
    if (!editing.open(path)) {
      complain(new Error(`Page Builder does not open ${path}. It opens the pages in the list above.`));
      return;
    }
    parameters.set('path', path);
    history.replaceState(null, '', `?${parameters}`);
    column.close();
    column.showPlaced();
    load();
  }

  function load(): void {
    const mode = bar.mode();
    document.body.dataset.mode = mode;
    bar.showPage();
    const address = new URL(editing.page().path, editing.storefrontUrl);
    address.searchParams.set('page_builder', mode);
    frame.open(address);
  }

  frame.setWidth(bar.widthPx());
  column.setLanguage(bar.language());
  column.showPlaced();
  bar.showState();
  load();
}
