import { asyncScheduler, merge, type Observable, of, Subject, takeUntil, tap } from 'rxjs';
import { type AlarmSignal, LogicalClock, type Trigger } from '../../domain/alarm/alarm.js';
import type { CycleEvent } from '../../domain/cycle/cycle-event.js';
import { createHealthCheck } from '../../restart/health/health-check.js';
import { createRestart, detectSystemctl } from '../../restart/strategies/restart.js';
import { alarmSignals } from '../../streams/alarm-signals.js';
import { handleAlarms } from '../../streams/handle-alarms.js';
import { SuppressedAlarms } from '../../streams/suppressed-alarms.js';
import { TableLog } from '../../telemetry/messages/table-log.js';
import { binlogAcrossReloads } from '../binlog/binlog-across-reloads.js';
import type { ServiceObservers } from '../service-observers.js';
import type { ServiceParts } from '../service-parts.js';
import { StandingAlarmReader } from '../table/standing-alarm-reader.js';
import { createCycleEffects } from './cycle-effects.js';
import { pollTicksFor } from './poll-ticks-for.js';
import { recheckAfterRestart } from './recheck-after-restart.js';

/** The way from the binlog and the table to what happens to the processes. */
export interface Pipeline {
  /** Runs while it is subscribed to; completes when the service stops and the last cycle has ended. */
  readonly events: Observable<CycleEvent>;
  /** Takes the way of every alarm. */
  readonly requests: Subject<AlarmSignal>;
  /** What happens to a process besides its cycles. */
  readonly outOfCycleEvents: Subject<CycleEvent>;
  /** The table must be read again for this reason. */
  readonly reconcileRequests: Subject<Trigger>;
  readonly order: LogicalClock;
  readonly holds: SuppressedAlarms;
}

export function openPipeline(parts: ServiceParts, observation: ServiceObservers): Pipeline {
  const { log, config, configs, dataSource, streaming, isStreaming, stopping } = parts;
  const { names, tableState, breakers, pauses, answered, store, unconfirmed, run } = parts;
  const { observers, server, streamLog, book, notifications, tellStatus } = observation;
  const order = new LogicalClock();
  const holds = new SuppressedAlarms(answered, parts.acknowledges);
  const reconcileRequests = new Subject<Trigger>();
  const requests = new Subject<AlarmSignal>();
  const outOfCycleEvents = new Subject<CycleEvent>();

  const reader = new StandingAlarmReader({
    ...{ dataSource, tableState, names, store, unconfirmed },
    tableLog: new TableLog(log, streamLog, () => config().binlog.enabled, Date.now),
    onEnd() {
      tellStatus();
      notifications.takeTable(tableState.problem);
    },
  });
  const signals = alarmSignals({
    stream: binlogAcrossReloads({
      ...{ config: configs, dataSource, server },
      isStreaming: streaming,
      onActivity: (lagMs) => book.stream.takeSign(lagMs),
      tell: (signal) => observers.tellSignal(signal),
    }),
    ticks: pollTicksFor(configs, streaming),
    circuitsDue: breakers.halfOpened,
    pausesEnded: pauses.ended,
    isPaused: (processName) => pauses.activeFor(processName) !== undefined,
    // What stands when we come up has waited long enough.
    reconcileRequests: merge(of<Trigger>('reconnect'), reconcileRequests),
    readStanding: () => reader.read(),
    retryAfterMs: () => config().monitor.fallbackIntervalMs,
    onReconcileError: (error) => reader.fail(error),
    ...{ holds, order, scheduler: asyncScheduler },
  });
  const host = detectSystemctl(run);
  const effects = createCycleEffects({
    ...parts,
    restart: createRestart(host),
    checkHealth: createHealthCheck(host),
    isStreaming,
    wasVerified: (processId) => store.wasVerified(processId) || unconfirmed.isFromEarlierRun(processId),
    onLookUpError: (error) => reader.fail(error),
  });
  breakers.halfOpened.subscribe((processId) => {
    const processName = names.nameOf(processId);
    outOfCycleEvents.next({ type: 'half-opened', processId, processName, at: Date.now() });
  });

  const told = merge(signals, recheckAfterRestart(unconfirmed.needsHealthCheck, order), requests).pipe(
    takeUntil(stopping),
  );
  const onSettled = (processId: number): void => unconfirmed.confirm(processId);
  const events = merge(
    outOfCycleEvents.pipe(takeUntil(stopping)),
    handleAlarms(told, { effects, holds, order, reconcileRequests, onSettled, watch: book.cycles }),
  ).pipe(tap((event) => observers.tellEvent(event)));
  return { events, requests, outOfCycleEvents, reconcileRequests, order, holds };
}
