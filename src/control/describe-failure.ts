import { describeError } from '../domain/errors.js';
import { HttpError } from '../lib/http/http-error.js';
import { ControlError } from './control-error.js';

/** What a client is told about a request that failed: the status, and the JSON of its body. */
export function describeFailure(error: unknown): {
  readonly status: number;
  readonly body: { readonly error: string; readonly remedy?: string };
} {
  if (!(error instanceof ControlError || error instanceof HttpError))
    return { status: 500, body: { error: describeError(error) } };
  const { status, message, remedy } = error;
  return { status, body: { error: message, ...(remedy === undefined ? {} : { remedy }) } };
}
