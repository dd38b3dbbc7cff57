import { MonitorError } from '../domain/errors.js';

/** Why a request is not carried out, with its HTTP status. */
export class ControlError extends MonitorError {
  readonly retryable = false;

  constructor(
    readonly status: 400 | 404 | 409 | 503,
    message: string,
    remedy?: string,
  ) {
    super(message, remedy === undefined ? {} : { remedy });
  }
}
