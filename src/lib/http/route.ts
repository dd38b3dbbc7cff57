import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Observable } from 'rxjs';

/** One kind of request that a server answers. A GET is answered for HEAD too, without its body. */
export interface Route {
  readonly method: 'GET' | 'POST';
  /** The whole path without a query, e.g. `/status`. It is compared as it is sent: nothing in it is decoded. */
  readonly path: string;
  /** Called before the body is read. Throws if the request is not answered. */
  readonly admit?: (message: IncomingMessage) => void;
  /**
   * Answers one request. `body` is its JSON; undefined if there is none. An error that is neither an HttpError nor one that
   * `describeFailure` of the router knows is our own (500).
   */
  readonly answer: (body: unknown, request: HttpRequest) => Promise<Reply>;
}

/** The rest of a request. */
export interface HttpRequest {
  readonly message: IncomingMessage;
  readonly query: URLSearchParams;
}

export type Reply =
  | { readonly kind: 'json'; readonly value: unknown; readonly headers?: Headers }
  | { readonly kind: 'text'; readonly text: string; readonly contentType: string }
  /** A file. With status 304 there are no bytes. */
  | { readonly kind: 'bytes'; readonly status: 200 | 304; readonly bytes: Buffer; readonly headers: Headers }
  /** One JSON object a line, as they are emitted. A client that disconnects unsubscribes, and ends nothing else. */
  | { readonly kind: 'lines'; readonly lines: Observable<unknown> }
  /** Whoever takes the response answers in full, and holds it as long as it likes. */
  | { readonly kind: 'taken'; readonly take: (response: ServerResponse) => void };

type Headers = Readonly<Record<string, string>>;
