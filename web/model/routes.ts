/** What the address after `#` says: which view, and of what. It survives a reload and can be sent to somebody. */
export type Route =
  | { readonly view: 'overview' }
  | ProcessesRoute
  | { readonly view: 'process'; readonly processId: number }
  | HistoryRoute
  /** `to`: where to go after the login. */
  | { readonly view: 'login'; readonly to: string };

export interface ProcessesRoute {
  readonly view: 'processes';
  /** A part of a name. */
  readonly search: string;
  readonly state: ProcessFilter;
  readonly sort: 'state' | 'name';
  /** From 1 on. */
  readonly page: number;
}

export const PROCESS_FILTERS = ['all', 'alarm', 'trouble', 'paused'] as const;
export type ProcessFilter = (typeof PROCESS_FILTERS)[number];

export const HISTORY_SPANS = ['1h', '24h', '7d', 'all'] as const;
export interface HistoryRoute {
  readonly view: 'history';
  /** Exact name; empty: all. */
  readonly process: string;
  readonly verdict: string;
  readonly trigger: string;
  readonly span: (typeof HISTORY_SPANS)[number];
}

/** An address that nobody knows leads to the overview. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?', 2);
  const [, view = '', id = ''] = path.split('/');
  const params = new URLSearchParams(query);
  switch (view) {
    case 'processes':
      return {
        view,
        search: params.get('search') ?? '',
        state: oneOf(PROCESS_FILTERS, params.get('state')) ?? 'all',
        sort: oneOf(['state', 'name'], params.get('sort')) ?? 'state',
        page: Math.max(1, toWhole(params.get('page') ?? '') ?? 1),
      };
    case 'process': {
      const processId = toWhole(id);
      return processId === undefined ? { view: 'overview' } : { view, processId };
    }
    case 'history':
      return {
        view,
        process: params.get('process') ?? '',
        verdict: params.get('verdict') ?? '',
        trigger: params.get('trigger') ?? '',
        span: oneOf(HISTORY_SPANS, params.get('span')) ?? '24h',
      };
    case 'login':
      return { view, to: localHash(params.get('to')) };
    default:
      return { view: 'overview' };
  }
}

/** The address of a view, with `#`. What is usual is left out. */
export function formatRoute(route: Route): string {
  switch (route.view) {
    case 'overview':
      return '#/';
    case 'processes': {
      const { search, state, sort, page } = route;
      return `#/processes${formatQuery({ search, state, sort, page: String(page) }, { state: 'all', sort: 'state', page: '1' })}`;
    }
    case 'process':
      return `#/process/${route.processId}`;
    case 'history': {
      const { process, verdict, trigger, span } = route;
      return `#/history${formatQuery({ process, verdict, trigger, span }, { span: '24h' })}`;
    }
    case 'login':
      return `#/login${formatQuery({ to: route.to }, { to: '#/' })}`;
  }
}

/** The processes that are in this state, from the first page on. */
export function processesRoute(state: ProcessFilter = 'all', search = ''): Route {
  return { view: 'processes', search, state, sort: 'state', page: 1 };
}

/** The history of the last 24 hours, or what the filter says. */
export function historyRoute(filter: Partial<Omit<HistoryRoute, 'view'>> = {}): Route {
  return { view: 'history', process: '', verdict: '', trigger: '', span: '24h', ...filter };
}

function formatQuery(
  values: Readonly<Record<string, string>>,
  usual: Readonly<Record<string, string>>,
): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== (usual[name] ?? '')) params.set(name, value);
  }
  return params.size === 0 ? '' : `?${params}`;
}

function oneOf<T extends string>(known: readonly T[], text: string | null): T | undefined {
  return known.find((value) => value === text);
}

function toWhole(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** Never another site, and not the login again. */
function localHash(text: string | null): string {
  return text?.startsWith('#/') && !text.startsWith('#/login') ? text : '#/';
}
