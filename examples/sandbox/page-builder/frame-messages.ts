import type { Spot } from './draft.js';

/** Where something stands in the framed page's viewport, in CSS pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A region of the framed page. One name may be on a page several times. */
export interface FrameRegion {
  readonly name: string;
  readonly box: Box;
  readonly widgets: readonly { readonly placementUuid: string; readonly box: Box }[];
}

/** What the framed page tells Page Builder. */
export type FrameMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'layout'; readonly regions: readonly FrameRegion[] }
  | { readonly type: 'select'; readonly placementUuid: string }
  /** A link to another page of the storefront was followed. */
  | { readonly type: 'follow'; readonly path: string }
  /** A widget is dragged with the pointer. */
  | { readonly type: 'drag'; readonly placementUuid: string; readonly x: number; readonly y: number }
  | { readonly type: 'drop' }
  | { readonly type: 'cancel' };

/** What the framed page shows of what is going on. */
export interface Marks {
  /** Whether regions show that widgets can be dropped there. */
  readonly isDropping: boolean;
  readonly spot?: Spot | undefined;
  /** The selected placement. */
  readonly selected?: string | undefined;
}

/** What Page Builder tells the framed page. */
export type PanelMessage =
  /** Puts widgets into regions; those that are not named become empty. */
  | { readonly type: 'show'; readonly regions: Readonly<Record<string, string>> }
  | { readonly type: 'mark'; readonly marks: Marks }
  | { readonly type: 'scroll'; readonly byPx: number }
  /** Scrolls a region, or a placement, to where it is seen. */
  | { readonly type: 'reveal'; readonly region: string; readonly placementUuid?: string | undefined };
