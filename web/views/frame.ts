import { type Child, h, type VNode } from '../dom/h.js';
import type { Connection } from '../live/live-stream.js';
import type { Told } from '../model/mark.js';
import { formatRoute, historyRoute, processesRoute, type Route } from '../model/routes.js';
import { formatClock, formatIn } from '../model/times.js';
import { logInToAct } from '../parts/links.js';
import { told } from '../parts/mark.js';
import { foreign } from '../parts/texts.js';
import type { Shell } from '../shell.js';

interface FrameParts {
  readonly route: Route;
  readonly connection: Connection;
  readonly announcement: string;
  readonly onLogOut: () => void;
}

/** What stands around each view: where one is, whether what is shown is what is, and who one is. */
export function frame(shell: Shell, parts: FrameParts, view: Child): VNode[] {
  const { route, connection, announcement, onLogOut } = parts;
  return [
    h('a', { class: 'skip', href: '#main', onclick: skip }, 'Skip to the content'),
    h(
      'header',
      { class: 'top' },
      h('a', { class: 'brand', href: '#/' }, brandIcon(), h('span', null, 'Process monitor')),
      hostOf(shell),
      navigation(shell, route),
      h(
        'div',
        { class: 'top-right' },
        shell.session?.access !== 'none' && connectionState(connection),
        account(shell, route, onLogOut),
      ),
    ),
    connection.kind === 'lost'
      ? lostBar(shell, connection)
      : h('div', { class: 'lost-bar', key: 'bar', hidden: true }),
    h('main', { id: 'main', tabindex: -1, class: connection.kind === 'lost' ? 'stale' : undefined }, view),
    h('div', { class: 'unseen', key: 'connection', role: 'status' }, SAID[connection.kind]),
    h('div', { class: 'unseen', key: 'results', role: 'status' }, announcement),
    ...[shell.dialogs.view()].filter((dialog) => dialog !== undefined),
  ];
}

/** The address says which view it is, so the link must not change it. */
function skip(event: Event): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}

function brandIcon(): VNode {
  return h(
    'svg',
    { class: 'brand-icon', viewBox: '0 0 20 20', width: 20, height: 20, 'aria-hidden': 'true' },
    h('path', { d: 'M1 11h4l2-6 4 11 3-8 1.5 3H19' }),
  );
}

function hostOf({ live }: Shell): VNode {
  return h('span', { class: 'host' }, foreign(live.snapshot?.service.host ?? location.hostname));
}

function navigation({ live, session }: Shell, route: Route): VNode {
  const alarms = live.snapshot?.counts.alarms ?? 0;
  const entries: readonly (readonly [string, Route, boolean])[] = [
    ['Overview', { view: 'overview' }, route.view === 'overview'],
    ['Processes', processesRoute(), route.view === 'processes' || route.view === 'process'],
    ['History', historyRoute(), route.view === 'history'],
  ];
  return h(
    'nav',
    { class: 'main-nav', 'aria-label': 'Views' },
    (session?.access === 'none' ? [] : entries).map(([title, to, isHere]) =>
      h(
        'a',
        { key: title, href: formatRoute(to), 'aria-current': isHere ? 'page' : undefined },
        title,
        title === 'Overview' &&
          alarms > 0 && [
            ' ',
            h(
              'span',
              { class: 'badge' },
              alarms > 999 ? '999+' : alarms,
              h('span', { class: 'unseen' }, ' alarms'),
            ),
          ],
      ),
    ),
  );
}

const STATES: Readonly<Record<Connection['kind'], Told>> = {
  live: { mark: 'ok', text: 'live' },
  connecting: { mark: 'wait', text: 'connecting' },
  lost: { mark: 'bad', text: 'no connection' },
};
const SAID: Readonly<Record<Connection['kind'], string>> = {
  live: 'Connected',
  connecting: '',
  lost: 'Connection lost',
};

function connectionState({ kind }: Connection): VNode {
  return h('span', { class: 'connection' }, told(STATES[kind]));
}

function lostBar(shell: Shell, { since, retryAt }: Extract<Connection, { kind: 'lost' }>): VNode {
  const { clockOffsetMs } = shell.live;
  const when =
    retryAt === undefined ? 'Trying now.' : `Trying again ${formatIn(retryAt + clockOffsetMs, shell.now())}.`;
  return h(
    'div',
    { class: 'lost-bar', key: 'bar' },
    told({ mark: 'bad', text: 'No connection to the service.' }),
    h(
      'span',
      null,
      ` This is what it said until ${formatClock(since + clockOffsetMs, shell.now())}. ${when}`,
    ),
  );
}

function account({ session }: Shell, route: Route, onLogOut: () => void): Child {
  if (session?.user !== undefined)
    return [
      h('span', { class: 'user' }, foreign(session.user)),
      h('button', { type: 'button', class: 'quiet', onclick: onLogOut }, 'Log out'),
    ];
  return session?.access === 'public' && route.view !== 'login' && logInToAct(route);
}
