import { RestartError } from '../../../domain/cycle/restart-target.js';

/** The bus, or systemd on it, cannot be reached. Nothing was sent. */
export class BusUnreachableError extends RestartError {
  constructor(reason: string, cause?: unknown) {
    super(`systemd cannot be reached over D-Bus: ${reason}`, true, { cause });
  }
}

/** The connection ended before the answer. It is unknown whether systemd has done what was requested. */
export class BusLostError extends RestartError {
  constructor(reason: string, cause?: unknown) {
    super(`the connection to systemd over D-Bus was lost: ${reason}`, true, { cause });
  }
}

/** systemd did not answer in time. It may still do what was requested. */
export class NoAnswerError extends RestartError {
  constructor(question: string, timeoutMs: number) {
    super(`systemd does not answer ${question} within ${timeoutMs / 1000} s`, true);
  }
}

/** systemd refused the request. */
export class SystemdRefusal extends RestartError {
  constructor(
    /** The name of the error, e.g. `org.freedesktop.systemd1.NoSuchUnit`. */
    readonly errorName: string,
    message: string,
  ) {
    super(message, !FINAL.has(errorName));
  }
}

/** These errors last until an administrator changes something. */
const FINAL = new Set([
  'org.freedesktop.systemd1.NoSuchUnit',
  'org.freedesktop.systemd1.UnitMasked',
  'org.freedesktop.systemd1.OnlyByDependency',
  'org.freedesktop.DBus.Error.AccessDenied',
  'org.freedesktop.DBus.Error.InvalidArgs',
]);
