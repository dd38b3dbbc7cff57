import { type Child, h, type VNode } from '../dom/h.js';
import { ApiError } from '../live/api.js';
import type { Told } from '../model/mark.js';
import { markIcon } from './mark.js';
import { foreign } from './texts.js';

type ActionState =
  | { readonly kind: 'running'; readonly text: string }
  | { readonly kind: 'done'; readonly result: Told };

interface ActionButton {
  readonly label: string;
  readonly onclick: () => void;
  readonly isDangerous?: true;
  /** Names what it acts on, where the label alone does not. */
  readonly accessibleName?: string;
}

/** What an action does; `tell` says how far it is. Resolves to its result, rejects with why there is none. */
type Action = (tell: (text: string) => void) => Promise<Told>;

/** The buttons of actions. Each gives its place to what is being done, and then to the result. */
export class ActionBoard {
  readonly #states = new Map<string, ActionState>();
  #announcement = '';

  constructor(
    private readonly redraw: () => void,
    /** The session is over: log in again. */
    private readonly onRefused: () => void,
  ) {}

  /** The last thing that happened, for those who hear the page. */
  get announcement(): string {
    return this.#announcement;
  }

  /** Results are forgotten with the view that they were in. */
  forget(): void {
    for (const [key, { kind }] of this.#states) if (kind === 'done') this.#states.delete(key);
  }

  /**
   * Whether it is under way, or has a result to show: then its place stays, though there is no reason for its button
   * any more.
   */
  has(key: string): boolean {
    return this.#states.has(key);
  }

  /** The results of actions whose keys begin so, and are none of these: what they were about is gone. */
  resultsBeyond(prefix: string, keys: readonly string[]): readonly string[] {
    return [...this.#states.keys()].filter((key) => key.startsWith(prefix) && !keys.includes(key));
  }

  run(key: string, begin: string, action: Action): void {
    if (this.#states.get(key)?.kind === 'running') return;
    this.#set(key, { kind: 'running', text: begin });
    action((text) => this.#set(key, { kind: 'running', text })).then(
      (result) => this.#set(key, { kind: 'done', result }),
      (error: unknown) => {
        if (error instanceof ApiError && error.status === 401) this.onRefused();
        this.#set(key, { kind: 'done', result: { mark: 'bad', text: describeFailure(error) } });
      },
    );
  }

  /** The button, what is being done, or the result, whichever it is. */
  slot(key: string, button: ActionButton): VNode {
    const state = this.#states.get(key);
    return h('span', { key, class: `slot slot-${state?.kind ?? 'idle'}` }, this.#content(key, button, state));
  }

  #content(key: string, button: ActionButton, state: ActionState | undefined): Child {
    if (!state) {
      const { label, onclick, isDangerous = false, accessibleName } = button;
      const name = isDangerous ? 'danger' : undefined;
      return h('button', { type: 'button', class: name, onclick, 'aria-label': accessibleName }, label);
    }
    const { mark, text }: Told = state.kind === 'done' ? state.result : { mark: 'run', text: state.text };
    return [
      h(
        'span',
        { key: state.kind, class: `result told told-${mark}`, tabindex: -1, hook: { create: keepFocus } },
        markIcon(mark),
        foreign(text),
      ),
      state.kind === 'done' &&
        h(
          'button',
          {
            key: 'again',
            type: 'button',
            class: 'quiet',
            'aria-label': 'OK, show the button again',
            onclick: () => {
              this.#states.delete(key);
              this.redraw();
            },
          },
          'OK',
        ),
    ];
  }

  #set(key: string, state: ActionState): void {
    this.#states.set(key, state);
    this.#announcement = state.kind === 'running' ? state.text : state.result.text;
    this.redraw();
  }
}

/** The button had the focus and is gone: who works with the keyboard goes on from here. */
function keepFocus(element: Element): void {
  if (document.activeElement === document.body) (element as HTMLElement).focus({ preventScroll: true });
}

function describeFailure(error: unknown): string {
  if (!(error instanceof ApiError)) return String(error);
  return error.remedy === undefined ? error.message : `${error.message}; ${error.remedy}`;
}
