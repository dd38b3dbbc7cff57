import { type Child, h, type VNode } from '../dom/h.js';
import { Resource } from '../live/resource.js';
import type { ProcessPage, ProcessRow } from '../model/contract.js';
import { describeOutcome, describeRestarts, describeState, shortBreaker } from '../model/describe-row.js';
import { mergeRows } from '../model/live-state.js';
import type { Told } from '../model/mark.js';
import { formatRoute, PROCESS_FILTERS, type ProcessFilter, type Route } from '../model/routes.js';
import { formatAgo } from '../model/times.js';
import { describeVerdict } from '../model/verdicts.js';
import { count, formatCount } from '../model/words.js';
import { link, processLink } from '../parts/links.js';
import { told } from '../parts/mark.js';
import { failure, notice } from '../parts/notice.js';
import { strip } from '../parts/strip.js';
import { table } from '../parts/table.js';
import { empty, foreign } from '../parts/texts.js';
import type { Page, Shell } from '../shell.js';

type ProcessesRoute = Extract<Route, { view: 'processes' }>;

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
      // Others may belong on this page now, or these no more.
      if (event.isCut || route.state !== 'all' || route.sort === 'state' || value?.total === 0) page.reload();
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
    controls(shell, route, value),
    value?.problem !== undefined && notice({ mark: 'warn', text: value.problem }),
    error && failure(error.message),
    value && (value.rows.length === 0 ? nothing(route, value) : rows(shell, route, value)),
    value && pager(route, value),
  ];
}

function described({ total, matching }: ProcessPage): string {
  return total === matching
    ? count(total, 'process', 'processes')
    : `${formatCount(matching)} of ${formatCount(total)}`;
}

const FILTERS: Readonly<Record<ProcessFilter, string>> = {
  all: 'All',
  alarm: 'In alarm',
  trouble: 'Trouble',
  paused: 'Paused',
};

function controls(shell: Shell, route: ProcessesRoute, page: ProcessPage | undefined): VNode {
  const search = (event: Event): void => {
    const { value } = event.currentTarget as HTMLInputElement;
    shell.go({ ...route, search: value, page: 1 }, 'replace');
  };
  return h(
    'div',
    { class: 'controls', role: 'search' },
    h(
      'label',
      { class: 'search' },
      h('span', { class: 'unseen' }, 'Search by name'),
      h('input', {
        type: 'search',
        placeholder: 'Part of a name',
        value: route.search,
        maxlength: 255,
        autocomplete: 'off',
        spellcheck: 'false',
        oninput: search,
      }),
    ),
    h(
      'nav',
      { class: 'filters', 'aria-label': 'Which processes' },
      PROCESS_FILTERS.map((state) =>
        h(
          'a',
          {
            key: state,
            href: formatRoute({ ...route, state, page: 1 }),
            'aria-current': state === route.state ? 'true' : undefined,
          },
          FILTERS[state],
          page?.counts && h('span', { class: 'filter-count' }, formatCount(page.counts[state])),
        ),
      ),
    ),
  );
}

function rows(shell: Shell, route: ProcessesRoute, { rows: shown }: ProcessPage): VNode {
  const now = shell.now();
  const mayAct = shell.session?.access === 'user';
  const sortLink = (sort: ProcessesRoute['sort'], title: string): Child =>
    link(
      { ...route, sort, page: 1 },
      title,
      h('span', { 'aria-hidden': 'true' }, route.sort === sort ? ' ↓' : ''),
    );
  const sorted = (sort: ProcessesRoute['sort']) => (route.sort === sort ? 'ascending' : 'none');
  return table(
    'Processes',
    [
      { title: sortLink('name', 'Process'), sort: sorted('name'), isHead: true },
      { title: sortLink('state', 'State'), label: 'State', sort: sorted('state') },
      { title: 'Last outcome', isNarrow: true },
      { title: 'Restarts', isNarrow: true },
      { title: 'Breaker', isNarrow: true },
      ...(mayAct ? [{ title: 'Last 20 cycles', isNarrow: true as const }] : []),
    ],
    shown.map((row) => ({ key: row.processId, cells: cellsOf(row, now, mayAct) })),
  );
}

function cellsOf(row: ProcessRow, now: number, mayAct: boolean): Child[] {
  const { mark, text, detail } = describeState(row, now);
  return [
    processLink(row),
    h(
      'div',
      null,
      told({ mark, text }),
      detail !== undefined && h('div', { class: 'quiet-text' }, foreign(detail)),
    ),
    outcome(row, now),
    restarts(row),
    breaker(row),
    ...(mayAct ? [strip(row.strip)] : []),
  ];
}

/** Of before the start of the service only the history knows. */
function outcome({ lastOutcome, strip: cycles = [] }: ProcessRow, now: number): Child {
  const latest = cycles.at(-1);
  if (lastOutcome) return outcomeAt(describeOutcome(lastOutcome), lastOutcome.at, now);
  if (latest) return outcomeAt(describeVerdict(latest.verdict), latest.at, now);
  return h('span', { class: 'quiet-text' }, 'none yet');
}

function outcomeAt(what: Told, at: number, now: number): Child {
  return [told(what), h('span', { class: 'quiet-text ago' }, ` ${formatAgo(at, now)}`)];
}

function breaker(row: ProcessRow): Child {
  const { mark, text } = shortBreaker(row.breaker);
  return mark === 'ok' ? h('span', { class: 'quiet-text' }, text) : told({ mark, text });
}

function restarts(row: ProcessRow): Child {
  const { mark, text } = describeRestarts(row.restarts);
  return mark === 'none' ? text : told({ mark, text });
}

function nothing(route: ProcessesRoute, { total }: ProcessPage): VNode {
  if (total === 0)
    return empty(
      'No process is listed.',
      'List one, and raise its alarm when it fails: ',
      h('code', null, "INSERT INTO PROCESE (process_id, process_name) VALUES (1, 'httpd')"),
    );
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
