import { h } from '../dom/h.js';
import type { Route } from '../model/routes.js';
import { logInToAct } from '../parts/links.js';
import type { Page, Shell } from '../shell.js';

const NEEDS: Partial<Record<Route['view'], string>> = {
  process: 'Notes, output, settings and actions of a process are for those who have logged in.',
  history: 'The history is for those who have logged in.',
};

/** In place of what this visitor may not see. */
export function openLoginNeeded({ session }: Shell, route: Route): Page {
  const title = 'Log in to see this';
  return {
    title,
    view: () =>
      h(
        'div',
        { class: 'login panel' },
        h('h1', { tabindex: -1 }, title),
        h('p', null, NEEDS[route.view] ?? 'This service shows nothing without a login.'),
        session?.canLogIn === false
          ? h('p', null, 'Nobody can log in yet: ', h('code', null, '[web] password_file'), ' is not set.')
          : h('p', null, logInToAct(route, 'Log in')),
      ),
  };
}
