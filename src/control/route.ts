import type { Observable } from 'rxjs';
import { MonitorError } from '../domain/errors.js';

/** One thing that can be asked for on the control socket. */
export interface Route {
  readonly method: 'GET' | 'POST';
  /** Without a query, e.g. `/status`. */
  readonly path: string;
  /**
   * Answers one request. `body` is the JSON that came with it, undefined where none did.
   *
   * @throws ControlError for a request that cannot be met; anything else is a fault of ours (500).
   */
  readonly answer: (body: unknown) => Promise<Reply>;
}

export type Reply =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'text'; readonly text: string; readonly contentType: string }
  /** One JSON object a line, as they come. Who asked may leave; that unsubscribes and ends nothing else. */
  | { readonly kind: 'lines'; readonly lines: Observable<unknown> };

/** Why a request is not met, with the HTTP status that says whose fault it is. */
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
