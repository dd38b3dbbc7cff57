import type { Child } from './dom/h.js';
import type { LiveEvent, Session } from './model/contract.js';
import type { LiveState } from './model/live-state.js';
import type { Route } from './model/routes.js';
import type { ActionBoard } from './parts/action-board.js';
import type { Dialogs } from './parts/dialogs.js';

/** What each view is given. */
export interface Shell {
  readonly session: Session | undefined;
  readonly live: LiveState;
  readonly actions: ActionBoard;
  readonly dialogs: Dialogs;
  /** The server's clock, ms. */
  now(): number;
  /** Draws the page anew, once before the next frame however often it is called. */
  redraw(): void;
  /** `replace`: no new entry in the browser's history, as for each letter of a search. */
  go(route: Route, how?: 'replace'): void;
  logIn(user: string, password: string): Promise<void>;
}

/** One view, from when it is opened until another one is. */
export interface Page {
  readonly title: string;
  readonly view: () => Child;
  /** The same view of something else. */
  readonly show?: (route: Route) => void;
  /** What the server has told; the state has been merged before. */
  readonly onEvent?: (event: LiveEvent) => void;
  readonly close?: () => void;
}
