import { type Child, h, type VNode } from '../dom/h.js';
import { Resource } from '../live/resource.js';
import type { ProcessPage } from '../model/contract.js';
import { isListOutdated } from '../model/is-list-outdated.js';
import { mergeRows } from '../model/live-state.js';
import type { ProcessesRoute } from '../model/routes.js';
import { count, formatCount } from '../model/words.js';
import { link } from '../parts/links.js';
import { failure, notice } from '../parts/notice.js';
import { empty } from '../parts/texts.js';
import type { Page, Shell } from '../shell.js';
import { processControls } from './processes/process-controls.js';
import { processTable } from './processes/process-table.js';

/** As many as are read at a glance with a finger on the wheel; the service has the others. */
const PAGE_SIZE = 50;

/** Every process, a page at a time. */
export function openProcesses(shell: Shell, first: ProcessesRoute): Page {
  let route = first;
  const page = new Resource<ProcessPage>(() => shell.redraw());
  const load = (): void => page.load(pathOf(route));
  load();
  return {
    title: 'Processes',
    view: () => view(shell, route, page),
    show: (next) => {
      route = next as ProcessesRoute;
      load();
    },
    onEvent: (event) => {
      if (event.type === 'snapshot') page.reload();
      if (event.type !== 'rows') return;
      const { value } = page;
      if (value) page.value = { ...value, rows: [...mergeRows(value.rows, event.rows)] };
      const { isCut } = event;
      if (isListOutdated(route, { isCut, total: value?.total, isLoading: page.isLoading })) page.reload();
    },
    close: () => page.close(),
  };
}

function pathOf({ search, state, sort, page }: ProcessesRoute): string {
  const query = { offset: (page - 1) * PAGE_SIZE, limit: PAGE_SIZE, search, state, sort };
  return `/api/processes?${new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]))}`;
}

function view(shell: Shell, route: ProcessesRoute, { value, error }: Resource<ProcessPage>): Child {
  return [
    h(
      'div',
      { class: 'page-head' },
      h('h1', { tabindex: -1 }, 'Processes'),
      value && h('p', { class: 'quiet-text' }, described(value)),
    ),
    processControls(shell, route, value),
    value?.problem !== undefined && notice({ mark: 'warn', text: value.problem }),
    value?.isCut && notice({ mark: 'warn', text: 'There are more processes than the service lists.' }),
    error && failure(error.message),
    value && (value.rows.length === 0 ? nothing(route, value) : processTable(shell, route, value)),
    value && pager(route, value),
  ];
}

function described({ total, matching }: ProcessPage): string {
  return total === matching
    ? count(total, 'process', 'processes')
    : `${formatCount(matching)} of ${formatCount(total)}`;
}

function nothing(route: ProcessesRoute, { total, matching }: ProcessPage): VNode {
  if (total === 0)
    return empty(
      'No process is listed.',
      'List one, and raise its alarm when it fails: ',
      h('code', null, "INSERT INTO PROCESE (process_id, process_name) VALUES (1, 'httpd')"),
    );
  if (matching > 0)
    return empty('There are not so many pages.', link({ ...route, page: 1 }, 'Show the first one'));
  const isSearch = route.search !== '';
  return empty(
    isSearch
      ? 'No name has this in it.'
      : route.state === 'paused'
        ? 'None is paused.'
        : 'None. All is well.',
    link({ ...route, search: '', state: 'all', page: 1 }, 'Show all processes'),
  );
}

function pager(route: ProcessesRoute, { matching }: ProcessPage): Child {
  const pages = Math.max(1, Math.ceil(matching / PAGE_SIZE));
  if (pages === 1 && route.page === 1) return false;
  return h(
    'nav',
    { class: 'pager', 'aria-label': 'Pages' },
    route.page > 1 ? link({ ...route, page: route.page - 1 }, '← Previous') : h('span', null, '← Previous'),
    h('span', null, `Page ${route.page} of ${pages}`),
    route.page < pages ? link({ ...route, page: route.page + 1 }, 'Next →') : h('span', null, 'Next →'),
  );
}
