import type { RequestListener } from 'node:http';
import { describeFailure } from '../control/describe-failure.js';
import type { HttpRequest, Reply, Route } from '../lib/http/route.js';
import { createRouter } from '../lib/http/router.js';
import type { Gate } from './access/gate.js';
import { SECURITY_HEADERS } from './access/security-headers.js';
import { describeRoutes } from './openapi.js';
import type { WebRoute } from './web-route.js';

interface WebAppOptions {
  readonly gate: Gate;
  readonly routes: readonly WebRoute[];
  /** The files of the page, which everybody may have. */
  readonly assets: readonly Route[];
  readonly version: string;
}

/** Answers the requests of the page: the gate before each route, and the description of all of them. */
export function createWebApp({ gate, routes, assets, version }: WebAppOptions): RequestListener {
  /** Made when somebody asks for the first time: it takes longer than any other answer. */
  let description: object | undefined;
  const openapi: WebRoute = {
    ...{ method: 'GET', path: '/openapi.json', access: 'view' },
    summary: 'this description',
    answer: async () => {
      description ??= describeRoutes([...routes, openapi], { version, cookieName: gate.cookie.name });
      return { kind: 'json', value: description };
    },
  };
  return createRouter({
    routes: [...assets, ...[...routes, openapi].map((route) => guard(route, gate))],
    headers: SECURITY_HEADERS,
    admit: (message) => gate.admit(message),
    describeFailure,
  });
}

function guard({ method, path, access, answer }: WebRoute, gate: Gate): Route {
  return {
    ...{ method, path },
    admit: (message) => gate.check(message, access),
    answer: async (body: unknown, request: HttpRequest): Promise<Reply> => {
      const { message } = request;
      const input = method === 'GET' ? queryIn(request) : body;
      // Looked at again: the session may have ended while the body was read.
      gate.check(message, access);
      return await answer(input, request, gate.viewerOf(message));
    },
  };
}

/** A parameter without a value counts as absent, and of two with one name the last counts. */
function queryIn({ query }: HttpRequest): Readonly<Record<string, string>> {
  return Object.fromEntries([...query].filter(([, value]) => value !== ''));
}
