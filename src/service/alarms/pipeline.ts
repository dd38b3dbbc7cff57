import { asyncScheduler, merge, type Observable, of, Subject, takeUntil, tap } from 'rxjs';
import { EventOrder, type ProcessSignal, type Trigger } from '../../domain/alarm/alarm.js';
import type { CycleEvent } from '../../domain/cycle/cycle-event.js';
import { createHealthCheck } from '../../restart/health/health-check.js';
import { createRestart, detectSystemd } from '../../restart/strategies/restart.js';
import { processSignals } from '../../streams/alarm-signals.js';
import { answerAlarms } from '../../streams/handle-alarms.js';
import { Holds } from '../../streams/suppressed-alarms.js';
import { TableLog } from '../../telemetry/messages/table-log.js';
import { followBinlog } from '../binlog/binlog-across-reloads.js';
import type { Observation } from '../service-observers.js';
import type { ServiceParts } from '../service-parts.js';
import { StandingReader } from '../table/standing-alarm-reader.js';
import { createCycleEffects } from './cycle-effects.js';
import { ticksOf } from './poll-ticks-for.js';
import { unsettledAlarms } from './recheck-after-restart.js';

/** The way from the binlog and the table to what happens to the processes. */
export interface Pipeline {
  /** Runs while it is subscribed to; completes when the service stops and the last cycle has ended. */
  readonly events: Observable<CycleEvent>;
  /** Takes the way of every alarm. */
  readonly requests: Subject<ProcessSignal>;
  /** What happens to a process besides its cycles. */
  readonly happenings: Subject<CycleEvent>;
  /** The table must be read again for this reason. */
  readonly rereads: Subject<Trigger>;
  readonly order: EventOrder;
  readonly holds: Holds;
}

export function openPipeline(parts: ServiceParts, observation: Observation): Pipeline {
  const { log, config, configs, source, streaming, isStreaming, stopping } = parts;
  const { names, tableWatch, circuits, pauses, answered, keeper, unsettled, run } = parts;
  const { observers, server, streamLog, book, notifications, tellStatus } = observation;
  const order = new EventOrder();
  const holds = new Holds(answered, parts.acknowledges);
  const rereads = new Subject<Trigger>();
  const requests = new Subject<ProcessSignal>();
  const happenings = new Subject<CycleEvent>();

  const reader = new StandingReader({
    ...{ source, tableWatch, names, keeper, unsettled },
    tableLog: new TableLog(log, streamLog, () => config().binlog.enabled, Date.now),
    onEnd() {
      tellStatus();
      notifications.takeTable(tableWatch.problem);
    },
  });
  const signals = processSignals({
    stream: followBinlog({
      ...{ config: configs, source, server },
      isStreaming: streaming,
      onSign: (lagMs) => book.stream.takeSign(lagMs),
      tell: (signal) => observers.tellSignal(signal),
    }),
    ticks: ticksOf(configs, streaming),
    circuitsDue: circuits.halfOpened,
    pausesEnded: pauses.ended,
    isPaused: (processName) => pauses.holding(processName) !== undefined,
    // What stands when we come up has waited long enough.
    rereads: merge(of<Trigger>('reconnect'), rereads),
    readStanding: () => reader.read(),
    retryAfterMs: () => config().monitor.fallbackIntervalMs,
    onReconcileError: (error) => reader.fail(error),
    ...{ holds, order, scheduler: asyncScheduler },
  });
  const effects = createCycleEffects({
    ...parts,
    restart: createRestart(detectSystemd(run)),
    checkHealth: createHealthCheck(detectSystemd(run)),
    isStreaming,
    wasVerified: (processId) => keeper.wasVerified(processId) || unsettled.isLeft(processId),
    onLookUpError: (error) => reader.fail(error),
  });
  circuits.halfOpened.subscribe((processId) => {
    const processName = names.nameOf(processId);
    happenings.next({ type: 'half-opened', processId, processName, at: Date.now() });
  });

  const told = merge(signals, unsettledAlarms(unsettled.overdue, order), requests).pipe(takeUntil(stopping));
  const onSettled = (processId: number): void => unsettled.settle(processId);
  const events = merge(
    happenings.pipe(takeUntil(stopping)),
    answerAlarms(told, { effects, holds, order, rereads, onSettled, watch: book.cycles }),
  ).pipe(tap((event) => observers.tellEvent(event)));
  return { events, requests, happenings, rereads, order, holds };
}
