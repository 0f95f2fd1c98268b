import type { Spot } from '../draft.js';
import type { FrameRegion } from '../frame-messages.js';
import type { PageFrame } from './page-frame.js';

/** How far a pointer goes before that is a drag, and not a click. */
export const DRAG_STARTS_AFTER_PX = 5;

const EDGE_PX = 48;
const SCROLL_STEP_PX = 12;

/** A drag over the page's regions, whoever drags what. At most one goes on at a time. */
export interface Drag {
  isGoingOn(): boolean;
  start(onDrop: (spot: Spot) => void): void;
  /** @param point - Where the pointer is in the framed page; `undefined` outside of it. */
  move(point: { x: number; y: number } | undefined): void;
  /** Drops where the pointer is; outside of regions nothing happens. */
  drop(): void;
  cancel(): void;
}

/** @param onSpot - Is told where a drop would go, whenever that changes, and whether the drag goes on. */
export function createDrag(
  frame: Pick<PageFrame, 'regions' | 'scroll' | 'height'>,
  onSpot: (spot: Spot | undefined, isGoingOn: boolean) => void,
): Drag {
  let onDrop: ((spot: Spot) => void) | undefined;
  let point: { x: number; y: number } | undefined;
  let spot: Spot | undefined;

  const look = (): void => {
    const found = point && spotAt(frame.regions(), point);
    if (found?.region === spot?.region && found?.before === spot?.before) return;
    spot = found;
    onSpot(spot, true);
  };
  // Runs as long as the drag: the page scrolls, and moves under a pointer that rests.
  const follow = (): void => {
    if (!onDrop) return;
    if (point && point.y < EDGE_PX) frame.scroll(-SCROLL_STEP_PX);
    if (point && point.y > frame.height() - EDGE_PX) frame.scroll(SCROLL_STEP_PX);
    look();
    requestAnimationFrame(follow);
  };
  const end = (): void => {
    onDrop = undefined;
    point = undefined;
    spot = undefined;
    onSpot(undefined, false);
  };

  return {
    isGoingOn: () => onDrop !== undefined,
    start: (callback) => {
      onDrop = callback;
      onSpot(undefined, true);
      requestAnimationFrame(follow);
    },
    move: (newPoint) => {
      point = newPoint;
      look();
    },
    drop: () => {
      const [callback, target] = [onDrop, spot];
      end();
      if (target) callback?.(target);
    },
    cancel: end,
  };
}

/** The region that a point lies in, and the first widget there whose middle is below the point. */
export function spotAt(
  regions: readonly FrameRegion[],
  { x, y }: { x: number; y: number },
): Spot | undefined {
  const region = regions.find(
    ({ box }) => x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height,
  );
  if (!region) return undefined;
  const next = region.widgets.find(({ box }) => y < box.y + box.height / 2);
  return { region: region.name, before: next?.placementUuid };
}
