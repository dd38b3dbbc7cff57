import { escapeControlCharacters } from '../../src/lib/escape-control-characters.js';
import { type Child, h, type VNode } from '../dom/h.js';

/**
 * A name or a line from the database or a command: what could turn or hide the text around it is made visible, and its
 * direction is its own.
 */
export function foreign(text: string): VNode {
  return h('bdi', null, escapeControlCharacters(text));
}

/** Text of many lines, as it was written. */
export function foreignLines(text: string): VNode {
  const lines = text.split('\n').map(escapeControlCharacters);
  return h('pre', { class: 'output', tabindex: lines.length > 8 ? 0 : undefined }, lines.join('\n'));
}

/** A time that its full form explains. */
export function time(at: number, shown: string, full: string): VNode {
  return h('time', { datetime: new Date(at).toISOString(), title: full }, shown);
}

/** What stands where there is nothing: why, and what to do. */
export function empty(title: string, ...more: readonly Child[]): VNode {
  return h(
    'div',
    { class: 'empty' },
    h('p', { class: 'empty-title' }, title),
    more.length > 0 && h('p', null, ...more),
  );
}
