import type { Observable } from 'rxjs';
import { MonitorError } from '../domain/errors.js';

/** One kind of request on the control socket. */
export interface Route {
  readonly method: 'GET' | 'POST';
  /** Without a query, e.g. `/status`. */
  readonly path: string;
  /**
   * Answers one request. `body` is its JSON; undefined if there is none.
   *
   * @throws ControlError for a request that cannot be carried out; any other error is our own (500).
   */
  readonly answer: (body: unknown) => Promise<Reply>;
}

export type Reply =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'text'; readonly text: string; readonly contentType: string }
  /** One JSON object a line, as they are emitted. A client that disconnects unsubscribes, and ends nothing else. */
  | { readonly kind: 'lines'; readonly lines: Observable<unknown> };

/** Why a request is not carried out, with its HTTP status. */
export class ControlError extends MonitorError {
  readonly retryable = false;

  constructor(
    readonly status: 400 | 404 | 405 | 409 | 413 | 503,
    message: string,
    remedy?: string,
  ) {
    super(message, remedy === undefined ? {} : { remedy });
  }
}
