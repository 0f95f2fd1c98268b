import type { FrameMessage, FrameRegion, Marks, PanelMessage } from '../frame-messages.js';

/** What happens in the framed page. */
export interface FrameEvents {
  /** A page has come and can be told something. */
  ready(): void;
  select(placementUuid: string): void;
  follow(path: string): void;
  drag(placementUuid: string, x: number, y: number): void;
  drop(): void;
  cancel(): void;
}

/** The frame with the storefront's page in it. */
export interface PageFrame {
  /** The page's regions where they are now, in its order. */
  regions(): readonly FrameRegion[];
  open(address: URL): void;
  /** Makes the page as wide as on a device; the frame is scaled down to where there is room for it. */
  setWidth(widthPx: number): void;
  /** Where a point of our page lies in the framed one; `undefined` outside of it. */
  toFrame(clientX: number, clientY: number): { x: number; y: number } | undefined;
  /** The height of the page's viewport, in its own pixels. */
  height(): number;
  show(regions: Readonly<Record<string, string>>): void;
  mark(marks: Marks): void;
  scroll(byPx: number): void;
  reveal(region: string, placementUuid?: string): void;
}

/**
 * Connects our page with the framed one.
 *
 * @param frame - The `<iframe>`.
 * @param stage - The element around it, which says how much room there is.
 * @param origin - The storefront's origin: nobody else is listened to or told anything.
 */
export function createPageFrame(
  frame: HTMLIFrameElement,
  stage: HTMLElement,
  origin: string,
  events: FrameEvents,
): PageFrame {
  let regions: readonly FrameRegion[] = [];
  let widthPx = 0;
  const tell = (message: PanelMessage): void => frame.contentWindow?.postMessage(message, origin);

  window.addEventListener('message', ({ data, origin: sender, source }: MessageEvent<FrameMessage>) => {
    if (sender !== origin || source !== frame.contentWindow) return;
    switch (data.type) {
      case 'layout':
        regions = data.regions;
        break;
      case 'drag':
        events.drag(data.placementUuid, data.x, data.y);
        break;
      case 'select':
        events.select(data.placementUuid);
        break;
      case 'follow':
        events.follow(data.path);
        break;
      default:
        events[data.type]();
    }
  });

  const scale = (): number => Math.min(1, stage.clientWidth / widthPx);
  const layOut = (): void => {
    frame.style.width = `${widthPx}px`;
    frame.style.height = `${stage.clientHeight / scale()}px`;
    frame.style.transform = `translateX(-50%) scale(${scale()})`;
  };
  new ResizeObserver(layOut).observe(stage);

  return {
    regions: () => regions,
    open: (address) => {
      regions = [];
      frame.src = address.href;
    },
    setWidth: (newWidthPx) => {
      widthPx = newWidthPx;
      layOut();
    },
    toFrame: (clientX, clientY) => {
      const { left, top, right, bottom } = frame.getBoundingClientRect();
      if (clientX < left || clientX > right || clientY < top || clientY > bottom) return undefined;
      return { x: (clientX - left) / scale(), y: (clientY - top) / scale() };
    },
    height: () => stage.clientHeight / scale(),
    show: (shown) => tell({ type: 'show', regions: shown }),
    mark: (marks) => tell({ type: 'mark', marks }),
    scroll: (byPx) => tell({ type: 'scroll', byPx }),
    reveal: (region, placementUuid) => tell({ type: 'reveal', region, placementUuid }),
  };
}
