import { type Child, h, type VNode } from '../dom/h.js';
import type { Told } from '../model/mark.js';
import { markIcon } from './mark.js';
import { foreign } from './texts.js';

/** What must not be overlooked, in a frame of its own; below it what to do about it. */
export function notice({ mark, text, more = '' }: Told, ...below: readonly Child[]): VNode {
  return h(
    'div',
    { class: `notice told-${mark}`, key: `notice ${text}` },
    markIcon(mark),
    h(
      'div',
      null,
      h('strong', null, foreign(text)),
      foreign(more),
      below.length > 0 && h('div', null, ...below),
    ),
  );
}

/** A request for what this view shows has failed. */
export function failure(message: string): VNode {
  return h('div', { role: 'alert', key: 'failure' }, notice({ mark: 'bad', text: message }));
}
