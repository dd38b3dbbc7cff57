import { formatRoute, type Route } from '../model/routes.js';
import type { Page, Shell } from '../shell.js';
import { openHistory } from './history.js';
import { openLogin } from './login.js';
import { openOverview } from './overview.js';
import { openProcess } from './process.js';
import { openProcesses } from './processes.js';

/** What only a user may see. */
const OF_USERS: ReadonlySet<Route['view']> = new Set<Route['view']>(['process', 'history']);

/** The view of an address; the login where it needs one. */
export function openPage(shell: Shell, route: Route): Page {
  const access = shell.session?.access ?? 'public';
  const needsLogin = access === 'none' || (access === 'public' && OF_USERS.has(route.view));
  if (needsLogin && route.view !== 'login')
    return openLogin(shell, { view: 'login', to: formatRoute(route) });
  switch (route.view) {
    case 'overview':
      return openOverview(shell);
    case 'processes':
      return openProcesses(shell, route);
    case 'process':
      return openProcess(shell, route);
    case 'history':
      return openHistory(shell, route);
    case 'login':
      return openLogin(shell, route);
  }
}
