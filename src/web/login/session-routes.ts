import type { IncomingMessage } from 'node:http';
import { parseRequest } from '../../control/requests.js';
import type { Gate } from '../access/gate.js';
import type { Session, Sessions } from '../access/sessions.js';
import { LOGIN_REQUEST, NO_BODY, SESSION, type SessionReply } from '../contract/session.js';
import type { WebRoute } from '../web-route.js';
import type { Login } from './login.js';

interface SessionRoutesOptions {
  readonly gate: Gate;
  readonly login: Login;
  readonly sessions: Sessions;
  readonly canLogIn: () => boolean;
  readonly version: string;
}

/** The routes by which a user logs in and out. */
export function createSessionRoutes(options: SessionRoutesOptions): readonly WebRoute[] {
  const { gate, login } = options;
  return [
    {
      ...{ method: 'GET', path: '/api/session', access: 'open', reply: SESSION },
      summary: 'who is logged in, and what may be seen',
      answer: async (_input, { message }) => ({
        kind: 'json',
        value: describe(options, message, gate.viewerOf(message)?.session),
        ...(isStale(gate, message) && { headers: gate.cookie.forget(message) }),
      }),
    },
    {
      ...{ method: 'POST', path: '/api/login', access: 'open', input: LOGIN_REQUEST, reply: SESSION },
      summary: 'logs a user in; sets the cookie of the session',
      answer: async (input, { message }) => {
        const { id, session } = await login.logIn(
          parseRequest(LOGIN_REQUEST, input),
          await gate.clientOf(message),
        );
        endOld(options, message);
        return {
          kind: 'json',
          value: describe(options, message, session),
          headers: gate.cookie.keep(id, message),
        };
      },
    },
    {
      ...{ method: 'POST', path: '/api/logout', access: 'user', input: NO_BODY, reply: SESSION },
      summary: 'ends the session',
      answer: async (input, { message }) => {
        parseRequest(NO_BODY, input);
        endOld(options, message);
        return {
          kind: 'json',
          value: describe(options, message, undefined),
          headers: gate.cookie.forget(message),
        };
      },
    },
  ];
}

/** Whether the browser sends a session that is over. */
function isStale(gate: Gate, message: IncomingMessage): boolean {
  return gate.cookie.idIn(message) !== undefined && !gate.viewerOf(message)?.session;
}

function endOld({ gate, sessions }: SessionRoutesOptions, message: IncomingMessage): void {
  const id = gate.cookie.idIn(message);
  const session = id === undefined ? undefined : sessions.use(id);
  if (session) sessions.end(session);
}

function describe(
  { gate, canLogIn, version }: SessionRoutesOptions,
  message: IncomingMessage,
  session: Session | undefined,
): SessionReply {
  const access = session ? 'user' : (gate.viewerOf(message)?.access ?? 'none');
  return {
    ...(session && { user: session.user, token: session.token }),
    // What the cookie of this request says is no longer so after a logout.
    access,
    canLogIn: canLogIn(),
    ...(access !== 'none' && { version }),
  };
}
