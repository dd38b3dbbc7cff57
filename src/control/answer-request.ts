import type { IncomingMessage, ServerResponse } from 'node:http';
import { fromEvent, type Observable, takeUntil } from 'rxjs';
import { describeError } from '../domain/errors.js';
import { toPrintableJson } from '../lib/printable-json.js';
import { readBody } from './read-body.js';
import { ControlError, type Reply, type Route } from './route.js';

/** Answers one HTTP request by the table of routes. Never rejects. */
export async function answerRequest(
  routes: readonly Route[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const route = findRoute(routes, request);
    const body = await readBody(request);
    send(response, await route.answer(body));
  } catch (error) {
    // The client has disconnected, perhaps in the middle of its request.
    if (response.destroyed) return;
    const status = error instanceof ControlError ? error.status : 500;
    if (status === 405) response.setHeader('Allow', allowedMethods(routes, pathOf(request)));
    // The rest of the request has not been read.
    if (!request.complete) response.setHeader('Connection', 'close');
    sendJson(response, status, describeFailure(error));
  }
}

function findRoute(routes: readonly Route[], request: IncomingMessage): Route {
  const path = pathOf(request);
  const here = routes.filter((route) => route.path === path);
  if (here.length === 0) {
    const known = routes.map((route) => `${route.method} ${route.path}`).join(', ');
    throw new ControlError(404, 'this path does not exist', `the known paths are ${known}`);
  }
  const route = here.find(({ method }) => method === request.method);
  if (!route) throw new ControlError(405, `${path} accepts ${allowedMethods(routes, path)} only`);
  return route;
}

function pathOf({ url = '/' }: IncomingMessage): string {
  return url.replace(/[?#].*$/s, '');
}

function allowedMethods(routes: readonly Route[], path: string): string {
  return routes.flatMap((route) => (route.path === path ? [route.method] : [])).join(', ');
}

function describeFailure(error: unknown): { readonly error: string; readonly remedy?: string } {
  if (!(error instanceof ControlError)) return { error: describeError(error) };
  return { error: error.message, ...(error.remedy === undefined ? {} : { remedy: error.remedy }) };
}

function send(response: ServerResponse, reply: Reply): void {
  if (reply.kind === 'json') sendJson(response, 200, reply.value);
  else if (reply.kind === 'lines') sendLines(response, reply.lines);
  else response.writeHead(200, { 'Content-Type': reply.contentType }).end(reply.text);
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(`${toPrintableJson(value)}\n`);
}

function sendLines(response: ServerResponse, lines: Observable<unknown>): void {
  response.writeHead(200, { 'Content-Type': 'application/x-ndjson' });
  response.flushHeaders();
  lines.pipe(takeUntil(fromEvent(response, 'close'))).subscribe({
    next: (line) => response.write(`${toPrintableJson(line)}\n`),
    // Cut off, so that the client sees that the answer is incomplete.
    error: () => response.destroy(),
    complete: () => response.end(),
  });
}
