import { h } from './dom/h.js';
import { patch } from './dom/patch.js';
import { get, post } from './live/api.js';
import { type Connection, LiveStream } from './live/live-stream.js';
import type { LiveEvent, Session } from './model/contract.js';
import { type LiveState, mergeEvent, NOTHING_YET } from './model/live-state.js';
import { formatRoute, parseRoute, type Route } from './model/routes.js';
import { ActionBoard } from './parts/action-board.js';
import { Dialogs } from './parts/dialogs.js';
import type { Page, Shell } from './shell.js';
import { frame } from './views/frame.js';
import { openPage } from './views/open-page.js';

/** Times grow older while nothing happens, ms. */
const TICK_MS = 1000;

/** The page: its state, and when it is drawn. */
export class App implements Shell {
  session: Session | undefined;
  live: LiveState = NOTHING_YET;
  readonly actions = new ActionBoard(
    () => this.redraw(),
    () => void this.#askSession().then(() => this.#reopen(), ignore),
  );
  readonly dialogs = new Dialogs(() => this.redraw());
  #connection: Connection = { kind: 'connecting' };
  #route: Route = parseRoute(location.hash);
  #page: Page | undefined;
  /** What `#page` is a page of. */
  #kind: string | undefined;
  #isDrawing = false;
  readonly #stream = new LiveStream({
    onEvent: (event) => this.#take(event),
    onConnection: (connection) => {
      this.#connection = connection;
      this.redraw();
    },
    mayConnect: async () => {
      await this.#askSession();
      return this.session?.access !== 'none';
    },
  });

  constructor(private readonly root: Element) {}

  async start(): Promise<void> {
    addEventListener('hashchange', () => this.#enter(parseRoute(location.hash)));
    setInterval(() => {
      if (document.visibilityState === 'visible') this.redraw();
    }, TICK_MS);
    this.redraw();
    await this.#askSession().catch(ignore);
    if (this.session?.access !== 'none') this.#stream.open();
    this.#enter(this.#route);
  }

  now(): number {
    return Date.now() + this.live.clockOffsetMs;
  }

  redraw(): void {
    if (this.#isDrawing) return;
    this.#isDrawing = true;
    requestAnimationFrame(() => {
      this.#isDrawing = false;
      this.#draw();
    });
  }

  go(route: Route, how?: 'replace'): void {
    const hash = formatRoute(route);
    if (how === 'replace') history.replaceState(null, '', hash);
    else history.pushState(null, '', hash);
    this.#enter(route);
  }

  async logIn(user: string, password: string): Promise<void> {
    this.session = await post<Session>('/api/login', { user, password });
    this.live = NOTHING_YET;
    this.#stream.open();
  }

  async logOut(): Promise<void> {
    await post('/api/logout', {}, this.session?.token).catch(ignore);
    await this.#askSession().catch(ignore);
    this.#reopen();
    this.go({ view: 'overview' });
  }

  /** Others may be told more or less, or nothing at all. */
  #reopen(): void {
    if (this.session?.access === 'none') this.#stream.close();
    else this.#stream.open();
  }

  async #askSession(): Promise<void> {
    const before = this.session;
    this.session = await get<Session>('/api/session');
    const { access, version } = this.session;
    // This page came with another version of the service.
    if (before?.version !== undefined && version !== undefined && version !== before.version)
      location.reload();
    if (before && before.access !== access) {
      // What only a user sees must not stay on the screen.
      this.live = NOTHING_YET;
      this.#enter(this.#route);
    }
    this.redraw();
  }

  #enter(route: Route): void {
    // Another access, another page: for some there is the login in its place.
    const kind = `${route.view} ${this.session?.access}`;
    const isSame = kind === this.#kind;
    this.#route = route;
    if (isSame && this.#page?.show) this.#page.show(route);
    else {
      const isFirst = this.#page === undefined;
      this.#page?.close?.();
      this.#page = openPage(this, route);
      this.#kind = kind;
      if (!isFirst) this.#afterDrawing(arrive);
    }
    this.actions.forget();
    this.dialogs.close();
    this.redraw();
  }

  #take(event: LiveEvent): void {
    this.live = mergeEvent(this.live, event, Date.now());
    this.#page?.onEvent?.(event);
    this.redraw();
  }

  #draw(): void {
    const view = this.#page?.view() ?? h('p', { class: 'wait' }, 'Waiting for the service …');
    const parts = {
      route: this.#route,
      connection: this.#connection,
      announcement: this.actions.announcement,
      onLogOut: () => void this.logOut(),
    };
    patch(this.root, [...frame(this, parts, view)]);
    const alarms = this.live.snapshot?.counts.alarms ?? 0;
    const title = `${alarms > 0 ? `(${alarms}) ` : ''}${this.#page?.title ?? 'Process monitor'}`;
    const host = this.live.snapshot?.service.host;
    const full = host === undefined ? `${title} · Process monitor` : `${title} · ${host}`;
    if (document.title !== full) document.title = full;
  }

  #afterDrawing(then: () => void): void {
    requestAnimationFrame(() => requestAnimationFrame(then));
  }
}

/** Another view begins at its top, and whoever hears the page hears its title. */
function arrive(): void {
  scrollTo(0, 0);
  document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true });
}

/** The connection says that nobody answers. */
function ignore(): void {}
