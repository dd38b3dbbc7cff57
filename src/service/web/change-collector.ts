import type { StatusReport } from '../../control/status-report.js';
import type { Alarm } from '../../domain/alarm/alarm.js';
import type { CycleEvent } from '../../domain/cycle/cycle-event.js';
import type { CycleRecord } from '../../domain/cycle/cycle-record.js';
import type { Snapshot } from '../../web/contract/live.js';
import type { LiveChanges, LiveSource } from '../../web/live/live-source.js';
import type { ServiceObserver } from '../shared/observer-list.js';
import type { NamedRow, ProcessRows } from './process-rows.js';
import { toSnapshot } from './snapshot.js';

interface ChangeCollectorOptions {
  readonly reportStatus: () => Promise<StatusReport>;
  readonly rows: ProcessRows;
  readonly nameOf: (processId: number) => string;
  /** Called after each change that open pages should see. */
  readonly onChange: () => void;
}

/** Of one kind at most this many changes are sent at once. */
const MAX_CHANGES = 100;

/** Gathers what has changed for the open pages. While none is open it gathers nothing. */
export class ChangeCollector implements LiveSource, ServiceObserver {
  #isWatched = false;
  readonly #changed = new Set<number>();
  #isCut = false;
  #cycles: CycleRecord[] = [];
  #cyclesAreCut = false;

  constructor(private readonly options: ChangeCollectorOptions) {}

  /** Whether a page is open. */
  watch(isWatched: boolean): void {
    this.#isWatched = isWatched;
    if (!isWatched) this.takeChanges();
  }

  async snapshot(access: 'public' | 'user'): Promise<Omit<Snapshot, 'user'>> {
    return toSnapshot(await this.options.reportStatus(), this.options.rows, access);
  }

  takeChanges(): LiveChanges {
    const processIds = [...this.#changed];
    const changes = {
      processIds,
      isCut: this.#isCut,
      cycles: this.#cycles,
      cyclesAreCut: this.#cyclesAreCut,
    };
    this.#changed.clear();
    this.#isCut = false;
    this.#cycles = [];
    this.#cyclesAreCut = false;
    return {
      ...changes,
      rowsFor: (access) =>
        this.options.rows.build(
          processIds.map((id) => this.#named(id)),
          access,
        ),
    };
  }

  onEvent({ processId }: CycleEvent): void {
    this.#note(processId);
  }

  onCycleBegin({ processId }: Alarm): void {
    this.#note(processId);
  }

  onCycleEnd(processId: number): void {
    this.#note(processId);
  }

  /** Its alarm is raised, or no longer: where somebody else has lowered it, no cycle tells that. */
  onAlarmChange(processId: number): void {
    this.#note(processId);
  }

  onSignal(): void {
    this.#tell();
  }

  onReading(): void {
    this.#tell();
  }

  onServerChange(): void {
    this.#tell();
  }

  /** Pauses or settings have changed: any process may be another than before. */
  onReload(): void {
    this.#isCut = true;
    this.#tell();
  }

  onRecord(record: CycleRecord): void {
    if (!this.#isWatched) return;
    if (this.#cycles.length < MAX_CHANGES) this.#cycles.push(record);
    else this.#cyclesAreCut = true;
    this.#tell();
  }

  #note(processId: number): void {
    if (!this.#isWatched) return;
    if (this.#changed.size < MAX_CHANGES || this.#changed.has(processId)) this.#changed.add(processId);
    else this.#isCut = true;
    this.#tell();
  }

  #tell(): void {
    if (this.#isWatched) this.options.onChange();
  }

  #named(processId: number): NamedRow {
    return { processId, processName: this.options.nameOf(processId), isRaised: false };
  }
}
