import { filter, type Observable, ReplaySubject } from 'rxjs';
import type { RestartLine } from '../../control/replies.js';
import { parseRequest, RESTART_REQUEST } from '../../control/requests.js';
import { ControlError, type Route } from '../../control/route.js';
import type { NamedProcess } from '../../db/tables/alarm-table.js';
import { createManualAlarm } from '../../domain/alarm/alarm.js';
import { formatLocalTime } from '../../domain/alarm/notes.js';
import { describePause } from '../../domain/cycle/pause.js';
import type { ControlParts } from './control-parts.js';
import { findProcesses } from './find-named-rows.js';
import { REMEDY, restartLines } from './restart-lines.js';

/** One cycle now, alarm or not, the way that every alarm takes; its events are the answer, and last how it ended. */
export function createRestartRoute(parts: ControlParts): Route {
  return {
    method: 'POST',
    path: '/restart',
    async answer(body) {
      const { name, by } = parseRequest(RESTART_REQUEST, body);
      const [found] = await findProcesses(name, parts.dataSource());
      refuseHeldBack(found, parts);
      return { kind: 'lines', lines: begin(found, by, parts) };
    },
  };
}

/** The cycle would say so too; but no cycle that cannot run should be begun, logged and counted. */
function refuseHeldBack({ processId, processName }: NamedProcess, { pauses, breakers }: ControlParts): void {
  const pause = pauses.activeFor(processName);
  if (pause)
    throw new ControlError(
      409,
      `${processName} is ${describePause(pause)}`,
      REMEDY.paused(pause.processName),
    );
  const { retryAt, failures } = breakers.describe(processId);
  if (breakers.get(processId).state === 'open') {
    throw new ControlError(
      409,
      `the circuit breaker of ${processName} is open after ${failures} failed cycle${failures === 1 ? '' : 's'}, until ${formatLocalTime(retryAt)}`,
      REMEDY.open(processName),
    );
  }
}

/** Begins the cycle; its lines are kept from the first on, whenever they are asked for. */
function begin(
  process: NamedProcess,
  by: string,
  { observers, requests, order }: ControlParts,
): Observable<RestartLine> {
  const { processId, processName } = process;
  const lines = new ReplaySubject<RestartLine>();
  let isBegun: boolean | undefined;
  requests.next({
    kind: 'manual',
    alarm: createManualAlarm(processId, processName, by, Date.now(), order),
    answer(begun) {
      isBegun = begun;
      // Here, since the first events come before this call returns.
      if (begun)
        restartLines(observers.events.pipe(filter((event) => event.processId === processId))).subscribe(
          lines,
        );
    },
  });
  if (isBegun === true) return lines;
  if (isBegun === undefined) throw new ControlError(503, 'the service is stopping');
  throw new ControlError(
    409,
    `a cycle of ${processName} is running already`,
    'monitor_service status shows it',
  );
}
