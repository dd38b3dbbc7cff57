import { type Observable, Subject } from 'rxjs';
import type { CycleRecord } from '../../domain/cycle/cycle-record.js';
import { createCycleRecorder } from '../../domain/cycle/cycle-recorder.js';
import { HistoryWriter } from '../../state/history-writer.js';
import type { Log } from '../../telemetry/log/log.js';
import { OutageLog } from '../../telemetry/messages/outage-log.js';
import type { LiveConfig } from '../shared/live-config.js';
import type { ServiceObserver } from '../shared/observer-list.js';

export interface History extends ServiceObserver {
  /** The records, as they are made: before they are in the file. */
  readonly records: Observable<CycleRecord>;
  /** Resolves when all events so far are on disk or could not be written. Never rejects. */
  flush(): Promise<void>;
}

/** Writes every cycle that has ended to the history file. */
export function openHistory(settings: LiveConfig, log: Log): History {
  const cycles = createCycleRecorder();
  const outage = new OutageLog(log, Date.now);
  const writer = new HistoryWriter({
    target: () => {
      const { historyFile: file, historySizeKb } = settings.current.monitor;
      return { file, limitBytes: historySizeKb * 1024 };
    },
    onFailure: (problem) =>
      outage.lost(
        problem,
        `cannot write the history file: ${problem}; new records are kept in memory until it works again`,
      ),
    onSuccess: (lost) =>
      outage.back(() => `the history file works again${lost > 0 ? `, ${lost} cycles are missing` : ''}`),
  });
  const records = new Subject<CycleRecord>();
  return {
    records,
    onEvent(event) {
      const record = cycles.take(event);
      if (!record) return;
      writer.add(record);
      records.next(record);
    },
    flush: () => writer.flush(),
  };
}
