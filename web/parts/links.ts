import { type Child, h, type VNode } from '../dom/h.js';
import { formatRoute, type Route } from '../model/routes.js';
import { foreign } from './texts.js';

/** A link to another view of the page. */
export function link(route: Route, ...children: readonly Child[]): VNode {
  return h('a', { href: formatRoute(route) }, ...children);
}

/** The name of a process, which leads to its page: by its id, since two rows may have one name. */
export function processLink({
  processId,
  processName,
}: {
  readonly processId: number;
  readonly processName: string;
}): VNode {
  return h('a', { class: 'name', href: formatRoute({ view: 'process', processId }) }, foreign(processName));
}

/** Where the actions would be, for who is not logged in. */
export function logInToAct(to: Route, words = 'Log in to act'): VNode {
  return link({ view: 'login', to: formatRoute(to) }, words);
}
