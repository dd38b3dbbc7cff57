import { type Child, h } from '../dom/h.js';
import { ApiError } from '../live/api.js';
import { formatRoute, parseRoute, type Route } from '../model/routes.js';
import { markIcon } from '../parts/mark.js';
import { empty } from '../parts/texts.js';
import type { Page, Shell } from '../shell.js';

type LoginRoute = Extract<Route, { view: 'login' }>;

/** Name and password; then back to where somebody wanted to act. */
export function openLogin(shell: Shell, first: LoginRoute): Page {
  let route = first;
  let problem: string | undefined;
  let isAsking = false;

  const submit = (event: Event): void => {
    event.preventDefault();
    if (isAsking) return;
    const form = event.currentTarget as HTMLFormElement;
    const fields = new FormData(form);
    isAsking = true;
    problem = undefined;
    shell.redraw();
    shell.logIn(String(fields.get('user') ?? ''), String(fields.get('password') ?? '')).then(
      () => shell.go(parseRoute(route.to), 'replace'),
      (error: unknown) => {
        isAsking = false;
        problem = describeFailure(error);
        shell.redraw();
        const password = form.elements.namedItem('password') as HTMLInputElement;
        password.select();
        password.focus();
      },
    );
  };

  return {
    title: 'Log in',
    show: (next) => {
      // Where a login is needed, this stands in the place of other views.
      route = next.view === 'login' ? next : { view: 'login', to: formatRoute(next) };
    },
    view: () => [
      h(
        'div',
        { class: 'login panel' },
        h('h1', { tabindex: -1 }, 'Log in'),
        shell.session?.canLogIn === false ? noLogin() : form(),
      ),
    ],
  };

  function form(): Child {
    return h(
      'form',
      { onsubmit: submit },
      h(
        'p',
        { class: 'quiet-text' },
        'To see output, notes, history and settings, and to act. What you do is written to log and history with your name.',
      ),
      h(
        'label',
        { class: 'field' },
        'Name',
        h('input', {
          name: 'user',
          required: true,
          maxlength: 100,
          autocomplete: 'username',
          autocapitalize: 'none',
          spellcheck: 'false',
        }),
      ),
      h(
        'label',
        { class: 'field' },
        'Password',
        h('input', {
          name: 'password',
          type: 'password',
          required: true,
          maxlength: 1024,
          autocomplete: 'current-password',
          'aria-describedby': 'login-problem',
        }),
      ),
      h(
        'p',
        { class: 'problem told-bad', id: 'login-problem', role: 'alert' },
        problem !== undefined && [markIcon('bad'), problem],
      ),
      h(
        'button',
        { type: 'submit', class: 'primary', 'aria-disabled': isAsking },
        isAsking ? 'Checking …' : 'Log in',
      ),
    );
  }
}

function noLogin(): Child {
  return empty(
    'Nobody can log in yet.',
    'Make a password with ',
    h('code', null, 'monitor_service web-password NAME'),
    ', name its file in ',
    h('code', null, '[web] password_file'),
    ', and reload the service.',
  );
}

function describeFailure(error: unknown): string {
  if (!(error instanceof ApiError)) return String(error);
  const { status, message, remedy, retryAfterS } = error;
  if (status === 429 && retryAfterS !== undefined) return `Too many tries. Try again in ${retryAfterS} s.`;
  if (status === 401) return 'This name and password do not belong together.';
  return remedy === undefined ? message : `${message}; ${remedy}`;
}
