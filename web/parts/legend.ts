import { h, type VNode } from '../dom/h.js';

/** What the marks of a chart mean: their class, and a word. */
export function legend(...entries: readonly (readonly [string, string])[]): VNode {
  return h(
    'span',
    { class: 'legend' },
    entries.map(([name, text]) =>
      h('span', { class: 'legend-entry' }, h('span', { class: `key ${name}`, 'aria-hidden': 'true' }), text),
    ),
  );
}
