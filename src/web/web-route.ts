import type { ServerResponse } from 'node:http';
import { fromEvent, type Observable, of, takeUntil } from 'rxjs';
import type * as z from 'zod';
import { parseRequest } from '../control/requests.js';
import type { HttpRequest, Reply } from '../lib/http/route.js';
import type { Access, Viewer } from './access/gate.js';

/** One kind of request of the page, with the schemas of what it takes and of its answer. */
export interface WebRoute {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly access: Access;
  /** For people who read /openapi.json. */
  readonly summary: string;
  /** Of the query or the body. Absent: it takes nothing. */
  readonly input?: z.ZodType;
  /** Absent: the answer is no JSON. */
  readonly reply?: z.ZodType;
  readonly contentType?: string;
  readonly answer: (input: unknown, request: HttpRequest, viewer: Viewer | undefined) => Promise<Reply>;
}

interface Description<I extends z.ZodType, R extends z.ZodType> {
  readonly access: Access;
  readonly summary: string;
  readonly input: I;
  readonly reply: R;
}

/** A route that only reads. Its input is the query; a parameter without a value counts as absent. */
export function read<I extends z.ZodType, R extends z.ZodType>(
  path: string,
  about: Description<I, R>,
  answer: (query: z.output<I>, viewer: Viewer) => Promise<z.output<R>>,
): WebRoute {
  return {
    ...{ method: 'GET', path, ...about },
    answer: async (input, _request, viewer) =>
      json(await answer(parseRequest(about.input, input) as z.output<I>, known(viewer))),
  };
}

/** A route that changes something, in the name of a user. */
export function change<I extends z.ZodType, R extends z.ZodType>(
  path: string,
  about: Omit<Description<I, R>, 'access'>,
  answer: (body: z.output<I>, by: string) => Promise<z.output<R>>,
): WebRoute {
  return {
    ...{ method: 'POST', path, access: 'user', ...about },
    answer: async (input, _request, viewer) =>
      json(await answer(parseRequest(about.input, input) as z.output<I>, byOf(viewer))),
  };
}

/** The same, answered by a JSON object a line, of the schema `reply`. */
export function follow<I extends z.ZodType, R extends z.ZodType>(
  path: string,
  about: Omit<Description<I, R>, 'access'>,
  answer: (body: z.output<I>, by: string) => Promise<Observable<z.output<R>>>,
): WebRoute {
  return {
    ...{ method: 'POST', path, access: 'user', contentType: 'application/x-ndjson', ...about },
    answer: async (input, _request, viewer) => {
      const lines = await answer(parseRequest(about.input, input) as z.output<I>, byOf(viewer));
      const over = known(viewer).session?.over;
      // What has begun goes on, but a user who is gone is told nothing more of it.
      return { kind: 'lines', lines: over ? lines.pipe(takeUntil(whenAborted(over))) : lines };
    },
  };
}

/** A route that holds the response. */
export function hold(
  path: string,
  about: Pick<WebRoute, 'access' | 'summary' | 'contentType'>,
  take: (response: ServerResponse, viewer: Viewer) => void,
): WebRoute {
  return {
    ...{ method: 'GET', path, ...about },
    answer: async (_input, { message }, viewer) =>
      // A HEAD has nothing to wait for.
      message.method === 'HEAD'
        ? { kind: 'text', text: '', contentType: about.contentType ?? 'text/plain' }
        : { kind: 'taken', take: (response) => take(response, known(viewer)) },
  };
}

function whenAborted(signal: AbortSignal): Observable<unknown> {
  return signal.aborted ? of(true) : fromEvent(signal, 'abort');
}

function json(value: unknown): Reply {
  return { kind: 'json', value };
}

/** The gate lets nobody through who is not known. */
function known(viewer: Viewer | undefined): Viewer {
  if (!viewer) throw new Error('a request without a viewer was answered');
  return viewer;
}

function byOf(viewer: Viewer | undefined): string {
  if (!viewer?.session) throw new Error('a request without a session was answered');
  return `${viewer.session.user} on the web page`;
}
