import { RestartError } from '../../../domain/cycle/restart-target.js';

/** The bus, or systemd on it, cannot be reached: nothing was asked. */
export class BusUnreachableError extends RestartError {
  constructor(reason: string, cause?: unknown) {
    super(`systemd cannot be reached over D-Bus: ${reason}`, true, { cause });
  }
}

/** The connection ended while an answer was awaited: nobody knows whether systemd has done what it was asked. */
export class BusLostError extends RestartError {
  constructor(reason: string, cause?: unknown) {
    super(`the connection to systemd over D-Bus was lost: ${reason}`, true, { cause });
  }
}

/** systemd did not answer in time, and may still do what it was asked. */
export class NoAnswerError extends RestartError {
  constructor(question: string, timeoutMs: number) {
    super(`systemd does not answer ${question} within ${timeoutMs / 1000} s`, true);
  }
}

/** systemd refused what it was asked. */
export class SystemdRefusal extends RestartError {
  constructor(
    /** Name of the error, e.g. `org.freedesktop.systemd1.NoSuchUnit`. */
    readonly errorName: string,
    message: string,
  ) {
    super(message, !FINAL.has(errorName));
  }
}

/** These stay the same until an administrator does something. */
const FINAL = new Set([
  'org.freedesktop.systemd1.NoSuchUnit',
  'org.freedesktop.systemd1.UnitMasked',
  'org.freedesktop.systemd1.OnlyByDependency',
  'org.freedesktop.DBus.Error.AccessDenied',
  'org.freedesktop.DBus.Error.InvalidArgs',
]);
