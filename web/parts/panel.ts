import { type Child, h, type VNode } from '../dom/h.js';

/** A part of a page with a title. `aside` stands at the other end of the title's line. */
export function panel(id: string, title: Child, aside: Child, ...content: readonly Child[]): VNode {
  return h(
    'section',
    { key: id, class: `panel panel-${id}`, 'aria-labelledby': `${id}-title` },
    h(
      'div',
      { class: 'panel-head' },
      h('h2', { id: `${id}-title` }, title),
      aside !== undefined && h('div', { class: 'panel-aside' }, aside),
    ),
    ...content,
  );
}

/** Names and values, a line each. */
export function facts(...lines: readonly (readonly [string, Child] | false | undefined)[]): VNode {
  return h(
    'dl',
    { class: 'facts' },
    lines.map((line) => line && [h('dt', { key: line[0] }, line[0]), h('dd', { key: line[0] }, line[1])]),
  );
}
