import { type Child, h, type VNode } from '../dom/h.js';
import { Resource } from '../live/resource.js';
import type { HistoryPage } from '../model/contract.js';
import { type HistoryRoute, historyRoute } from '../model/routes.js';
import { cycleTable } from '../parts/cycle-table.js';
import { link } from '../parts/links.js';
import { failure } from '../parts/notice.js';
import { empty } from '../parts/texts.js';
import type { Page, Shell } from '../shell.js';
import { historyFilters, SPANS } from './history/history-filters.js';

const PAGE_SIZE = 50;
/** More would not be read, and the filters find what is further back. */
const MAX_ENTRIES = 500;

/** Past cycles, the latest first. */
export function openHistory(shell: Shell, first: HistoryRoute): Page {
  let route = first;
  let limit = PAGE_SIZE;
  const page = new Resource<HistoryPage>(() => shell.redraw());
  const load = (): void => page.load(pathOf(route, limit, shell.now()));
  load();
  return {
    title: 'History',
    view: () =>
      view(shell, route, page, () => {
        limit = Math.min(MAX_ENTRIES, limit + PAGE_SIZE * 2);
        load();
      }),
    show: (next) => {
      route = next as HistoryRoute;
      limit = PAGE_SIZE;
      load();
    },
    onEvent: ({ type }) => {
      if (type === 'cycles' || type === 'snapshot') page.reload();
    },
    close: () => page.close(),
  };
}

const SPAN_MS = { '1h': 3_600_000, '24h': 86_400_000, '7d': 604_800_000 } as const;

function pathOf({ process, verdict, trigger, span }: HistoryRoute, limit: number, now: number): string {
  const params = new URLSearchParams({ limit: String(limit) });
  if (process !== '') params.set('process', process);
  if (verdict !== '') params.set('verdict', verdict);
  if (trigger !== '') params.set('trigger', trigger);
  if (span !== 'all') params.set('since', String(Math.floor(now - SPAN_MS[span])));
  return `/api/history?${params}`;
}

function view(
  shell: Shell,
  route: HistoryRoute,
  { value, error, isLoading }: Resource<HistoryPage>,
  onMore: () => void,
): Child {
  return [
    h('div', { class: 'page-head' }, h('h1', { tabindex: -1 }, 'History')),
    historyFilters(shell, route),
    error && failure(error.message),
    value &&
      (value.entries.length === 0 ? nothing(route) : cycleTable('Past cycles', value.entries, shell.now())),
    value?.hasMore &&
      h(
        'p',
        { class: 'rest' },
        value.entries.length >= MAX_ENTRIES
          ? `These are the latest ${MAX_ENTRIES}. The filters find the others, and monitor_service history has all.`
          : h('button', { type: 'button', onclick: onMore, disabled: isLoading }, 'Show older ones'),
      ),
  ];
}

function nothing(route: HistoryRoute): VNode {
  const isFiltered = route.process !== '' || route.verdict !== '' || route.trigger !== '';
  if (isFiltered)
    return empty('No cycle is like this.', link(historyRoute({ span: 'all' }), 'Show all cycles'));
  if (route.span === 'all')
    return empty('No cycle has ended yet.', 'Each cycle is listed here when it has ended.');
  return empty(
    `No cycle in ${SPANS[route.span]}.`,
    link(historyRoute({ span: 'all' }), 'Show all that is kept'),
  );
}
