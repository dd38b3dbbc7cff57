import { h, type VNode } from '../dom/h.js';
import type { Mark, Told } from '../model/mark.js';
import { foreign } from './texts.js';

/** One shape each, so that they differ without colour too; in a square of 12. */
const SHAPES: Readonly<Record<Mark, string>> = {
  // A disc.
  ok: 'M6 1.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0-9z',
  // A triangle that points forward.
  run: 'M2.5 1v10l8.5-5z',
  // A ring.
  wait: 'M6 1a5 5 0 1 0 0 10a5 5 0 1 0 0-10zM6 3a3 3 0 1 1 0 6a3 3 0 1 1 0-6z',
  // Two bars.
  held: 'M2 1.5h3v9h-3zM7 1.5h3v9h-3z',
  // A triangle that points up.
  warn: 'M6 .8l5.6 10.2h-11.2z',
  // A square on its corner.
  bad: 'M6 0l6 6l-6 6l-6-6z',
  // A dash.
  none: 'M2 5h8v2h-8z',
};

/** The shape of a mark. Its words stand beside it. */
export function markIcon(mark: Mark): VNode {
  return h(
    'svg',
    { class: `mark mark-${mark}`, viewBox: '0 0 12 12', width: 12, height: 12, 'aria-hidden': 'true' },
    h('path', { d: SHAPES[mark], 'fill-rule': 'evenodd' }),
  );
}

/** The shape and its words. These may be from the database. */
export function told({ mark, text, more }: Told): VNode {
  return h(
    'span',
    { class: `told told-${mark}` },
    markIcon(mark),
    h('span', null, h('span', { class: 'told-text' }, foreign(text)), more !== undefined && foreign(more)),
  );
}
