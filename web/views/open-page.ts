import type { Route } from '../model/routes.js';
import type { Page, Shell } from '../shell.js';
import { openHistory } from './history.js';
import { openLogin } from './login.js';
import { openLoginNeeded } from './login-needed.js';
import { openOverview } from './overview.js';
import { openProcess } from './process.js';
import { openProcesses } from './processes.js';

/** What only a user may see. */
const OF_USERS: ReadonlySet<Route['view']> = new Set<Route['view']>(['process', 'history']);

/** The view of an address; that which says to log in where it needs a login. */
export function openPage(shell: Shell, route: Route): Page {
  const access = shell.session?.access ?? 'public';
  if (route.view === 'login') return openLogin(shell, route);
  if (access === 'none' || (access === 'public' && OF_USERS.has(route.view)))
    return openLoginNeeded(shell, route);
  switch (route.view) {
    case 'overview':
      return openOverview(shell);
    case 'processes':
      return openProcesses(shell, route);
    case 'process':
      return openProcess(shell, route);
    case 'history':
      return openHistory(shell, route);
  }
}
