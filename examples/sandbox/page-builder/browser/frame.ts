import type { Box, FrameMessage, Marks, PanelMessage } from '../frame-messages.js';
import { DRAG_STARTS_AFTER_PX } from './drag.js';

/**
 * What the storefront's page does while Page Builder has it in its frame: tells where regions and widgets are, and shows what it is
 * told to show. A classic script, with `data-mode` on its tag.
 */

const STYLE = `
[data-page-builder=edit] { user-select: none; }
[data-page-builder=edit] [data-widget-id] { min-height: 20px; cursor: grab; }
[data-page-builder=edit] [data-widget-id]:hover { outline: 2px solid #3c64f4; outline-offset: 2px; }
[data-page-builder=edit] [data-widget-id][data-is-selected] { outline: 3px solid #3c64f4; outline-offset: 2px; }
[data-is-dropping] [data-content-region] { min-height: 56px; outline: 2px dashed #3c64f4; outline-offset: -2px; }
[data-is-dropping] [data-content-region]:empty::before { content: "Drop widgets here"; display: block; padding: 16px; text-align: center; font: 14px/24px system-ui, sans-serif; color: #2141b5; background: #f0f3ff; }
[data-is-dropping] [data-content-region$="--global"]:empty::before { content: "Drop widgets here, for all pages"; }
[data-is-dropping] [data-content-region][data-is-target] { outline: 4px solid #3c64f4; }
[data-is-dropping] [data-content-region][data-is-target]:empty::before { background: #dbe3fe; }
[data-widget-id][data-is-before] { box-shadow: 0 -8px 0 #3c64f4; }
[data-widget-id][data-is-after] { box-shadow: 0 8px 0 #3c64f4; }
`;

/** What was put into each region, as the browser would write it. What scripts made of it since does not count. */
const shown = new Map(allRegions().map((region) => [region, region.innerHTML]));

const script = document.currentScript;
if (script instanceof HTMLScriptElement && window.parent !== window) {
  beFramed(new URL(script.src).origin, script.dataset.mode ?? '');
}

function beFramed(panelOrigin: string, mode: string): void {
  const style = document.createElement('style');
  style.textContent = STYLE;
  document.head.append(style);
  document.documentElement.dataset.pageBuilder = mode;

  const tell = (message: FrameMessage): void => window.parent.postMessage(message, panelOrigin);

  let isLayoutDue = false;
  const tellLayout = (): void => {
    if (isLayoutDue) return;
    isLayoutDue = true;
    requestAnimationFrame(() => {
      isLayoutDue = false;
      tell({
        type: 'layout',
        regions: allRegions().map((region) => ({
          name: nameOf(region),
          box: boxOf(region),
          widgets: widgetsIn(region).map((widget) => ({
            placementUuid: placementOf(widget),
            box: boxOf(widget),
          })),
        })),
      });
    });
  };

  window.addEventListener('message', ({ data, origin, source }: MessageEvent<PanelMessage>) => {
    if (origin !== panelOrigin || source !== window.parent) return;
    if (data.type === 'show') show(data.regions);
    if (data.type === 'mark') mark(data.marks);
    if (data.type === 'scroll') window.scrollBy(0, data.byPx);
    if (data.type === 'reveal') reveal(data.region, data.placementUuid);
    tellLayout();
  });

  const observer = new ResizeObserver(tellLayout);
  for (const element of [document.documentElement, ...allRegions()]) observer.observe(element);
  window.addEventListener('scroll', tellLayout, { passive: true });
  window.addEventListener('resize', tellLayout);

  // Nothing on the page does what it would do for a shopper.
  document.addEventListener('submit', (event) => event.preventDefault(), true);
  document.addEventListener(
    'click',
    (event) => {
      const clicked = event.target instanceof Element ? event.target : undefined;
      if (mode === 'edit') {
        event.preventDefault();
        event.stopPropagation();
        const widget = clicked?.closest<HTMLElement>('[data-widget-id]');
        if (widget) tell({ type: 'select', placementUuid: placementOf(widget) });
        return;
      }
      const link = clicked?.closest('a');
      if (!link) return;
      event.preventDefault();
      if (link.origin === location.origin) tell({ type: 'follow', path: link.pathname });
    },
    true,
  );
  if (mode === 'edit') tellDrags(tell);

  tell({ type: 'ready' });
  tellLayout();
}

/** While a button is held, the browser sends all that the pointer does to this page, even outside the frame. */
function tellDrags(tell: (message: FrameMessage) => void): void {
  let held: { placementUuid: string; x: number; y: number; isDragged: boolean } | undefined;
  const end = (message: FrameMessage): void => {
    if (held?.isDragged) tell(message);
    held = undefined;
  };
  document.addEventListener('dragstart', (event) => event.preventDefault());
  document.addEventListener('pointerdown', ({ target, clientX, clientY, isPrimary, button }) => {
    const widget = target instanceof Element && target.closest<HTMLElement>('[data-widget-id]');
    if (!widget || !isPrimary || button !== 0) return;
    held = { placementUuid: placementOf(widget), x: clientX, y: clientY, isDragged: false };
  });
  document.addEventListener('pointermove', ({ clientX, clientY }) => {
    if (!held) return;
    held.isDragged ||= Math.hypot(clientX - held.x, clientY - held.y) >= DRAG_STARTS_AFTER_PX;
    if (held.isDragged) tell({ type: 'drag', placementUuid: held.placementUuid, x: clientX, y: clientY });
  });
  document.addEventListener('pointerup', () => end({ type: 'drop' }));
  document.addEventListener('pointercancel', () => end({ type: 'cancel' }));
  document.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') end({ type: 'cancel' });
  });
}

function show(regions: Readonly<Record<string, string>>): void {
  for (const region of allRegions()) {
    const content = document.createElement('template');
    content.innerHTML = regions[nameOf(region)] ?? '';
    if (shown.get(region) === content.innerHTML) continue;
    shown.set(region, content.innerHTML);
    // Unlike what a template holds, a fragment of a range runs the scripts of widgets.
    region.replaceChildren(document.createRange().createContextualFragment(content.innerHTML));
  }
}

function mark({ isDropping, spot, selected }: Marks): void {
  document.documentElement.toggleAttribute('data-is-dropping', isDropping);
  for (const region of allRegions()) {
    const isTarget = nameOf(region) === spot?.region;
    region.toggleAttribute('data-is-target', isTarget);
    const isAtEnd = isTarget && spot?.before === undefined;
    const widgets = widgetsIn(region);
    for (const widget of widgets) {
      const placementUuid = placementOf(widget);
      widget.toggleAttribute('data-is-selected', placementUuid === selected);
      widget.toggleAttribute('data-is-before', isTarget && placementUuid === spot?.before);
      widget.toggleAttribute('data-is-after', isAtEnd && widget === widgets.at(-1));
    }
  }
}

function reveal(name: string, placementUuid: string | undefined): void {
  const region = allRegions().find((element) => nameOf(element) === name);
  const widget = region && widgetsIn(region).find((element) => placementOf(element) === placementUuid);
  (widget ?? region)?.scrollIntoView({ block: 'nearest' });
}

function allRegions(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('[data-content-region]')];
}

function widgetsIn(region: HTMLElement): HTMLElement[] {
  return [...region.querySelectorAll<HTMLElement>(':scope > [data-widget-id]')];
}

function nameOf(region: HTMLElement): string {
  return region.dataset.contentRegion ?? '';
}

function placementOf(widget: HTMLElement): string {
  return widget.dataset.placementId ?? '';
}

function boxOf(element: HTMLElement): Box {
  const { x, y, width, height } = element.getBoundingClientRect();
  return { x, y, width, height };
}
