import type { IncomingMessage, ServerResponse } from 'node:http';
import { HttpError } from './http-error.js';
import { readBody } from './read-body.js';
import type { Route } from './route.js';
import { sendReply } from './send-reply.js';

interface RouterOptions {
  readonly routes: readonly Route[];
  /** Sent with every answer. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Called first, before the path is looked at. Throws if the request is not answered. */
  readonly admit?: (message: IncomingMessage) => void;
  /** What is sent for an error. An HttpError has its own status and headers besides. */
  readonly describeFailure: (error: unknown) => Failure;
}

/** A failure as JSON, or as text for readers who expect none. */
interface Failure {
  readonly status: number;
  readonly body: { readonly error: string; readonly remedy?: string } | string;
}

/** Answers requests by a table of routes: the one router of the control socket, the metrics and the page. */
export function createRouter(
  options: RouterOptions,
): (message: IncomingMessage, response: ServerResponse) => void {
  return (message, response) => void answer(options, message, response);
}

/** Never rejects. */
async function answer(
  { routes, headers = {}, admit, describeFailure }: RouterOptions,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    admit?.(message);
    const route = findRoute(routes, message);
    route.admit?.(message);
    const body = await readBody(message);
    // Nobody is there any more for whom something would be read.
    if (route.method === 'GET' && response.destroyed) return;
    sendReply(response, await route.answer(body, { message, query: queryOf(message) }));
  } catch (error) {
    // The client has disconnected, perhaps in the middle of its request; or an answer that had begun has failed.
    if (response.destroyed || response.headersSent) return void response.destroy();
    const { status, body } = describeFailure(error);
    if (error instanceof HttpError)
      for (const [name, value] of Object.entries(error.headers)) response.setHeader(name, value);
    // The rest of the request has not been read.
    if (!message.complete) response.setHeader('Connection', 'close');
    response.statusCode = status;
    sendReply(
      response,
      typeof body === 'string'
        ? { kind: 'text', text: body, contentType: 'text/plain; charset=utf-8' }
        : { kind: 'json', value: body },
    );
  }
}

function findRoute(routes: readonly Route[], message: IncomingMessage): Route {
  const path = pathOf(message);
  const here = routes.filter((route) => route.path === path);
  if (here.length === 0) {
    const known = routes.map((route) => `${route.method} ${route.path}`).join(', ');
    throw new HttpError(404, 'this path does not exist', { remedy: `the known paths are ${known}` });
  }
  const wanted = message.method === 'HEAD' ? 'GET' : message.method;
  const route = here.find(({ method }) => method === wanted);
  if (route) return route;
  const methods = here.map(({ method }) => method);
  const allowed = methods.includes('GET') ? [...methods, 'HEAD'] : methods;
  throw new HttpError(405, `${path} accepts ${methods.join(', ')} only`, {
    headers: { Allow: allowed.join(', ') },
  });
}

function pathOf({ url = '/' }: IncomingMessage): string {
  return url.replace(/[?#].*$/s, '');
}

function queryOf({ url = '/' }: IncomingMessage): URLSearchParams {
  return new URLSearchParams(/\?([^#]*)/.exec(url)?.[1] ?? '');
}
