import type { Spot } from '../draft.js';
import { DRAG_STARTS_AFTER_PX, type Drag } from './drag.js';
import { element } from './element.js';
import type { PageFrame } from './page-frame.js';

/** Makes an element of our page one that is dragged onto the framed page. A click without a drag stays a click. */
export function makeDragSource(
  source: HTMLElement,
  label: string,
  frame: Pick<PageFrame, 'toFrame'>,
  drag: Drag,
  onDrop: (spot: Spot) => void,
): void {
  const ghost = element('div', { className: 'ghost', ariaHidden: 'true' }, label);
  let held: { x: number; y: number } | undefined;
  let wasDragged = false;

  const end = (finish: () => void): void => {
    held = undefined;
    if (!drag.isGoingOn()) return;
    ghost.remove();
    document.body.classList.remove('is-dragging');
    finish();
  };
  source.addEventListener('pointerdown', ({ clientX, clientY, button, pointerId }) => {
    wasDragged = false;
    if (button !== 0) return;
    held = { x: clientX, y: clientY };
    source.setPointerCapture(pointerId);
  });
  source.addEventListener('pointermove', ({ clientX, clientY }) => {
    if (!held) return;
    if (!wasDragged && Math.hypot(clientX - held.x, clientY - held.y) < DRAG_STARTS_AFTER_PX) return;
    if (!wasDragged) {
      wasDragged = true;
      document.body.append(ghost);
      document.body.classList.add('is-dragging');
      drag.start(onDrop);
    }
    ghost.style.transform = `translate(${clientX + 12}px, ${clientY + 12}px)`;
    drag.move(frame.toFrame(clientX, clientY));
  });
  source.addEventListener('pointerup', () => end(drag.drop));
  source.addEventListener('pointercancel', () => end(drag.cancel));
  window.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') end(drag.cancel);
  });
  // The end of a drag comes as a click too.
  source.addEventListener(
    'click',
    (event) => {
      if (wasDragged) event.stopImmediatePropagation();
      wasDragged = false;
    },
    true,
  );
}
