import type { Subscription } from 'rxjs';
import { BoundedMap } from '../../domain/bounded-map.js';
import type { CycleRecord } from '../../domain/cycle/cycle-record.js';
import { describeError } from '../../domain/errors.js';
import { withTimeout } from '../../lib/with-timeout.js';
import { readHistory } from '../../state/read-history.js';
import type { Log } from '../../telemetry/log/log.js';
import type { Charts, HistoryPage, HistoryQuery } from '../../web/contract/past.js';
import type { StripCycle } from '../../web/contract/processes.js';
import type { LiveConfig } from '../shared/live-config.js';
import type { History } from '../state/history.js';
import { DayChart } from './day-chart.js';

/** After this time without a reader what was read is forgotten, ms. */
const FORGET_AFTER_MS = 300_000;
/** How long a page of the history waits for cycles that have ended and are not in the file yet, ms. */
const WRITTEN_WITHIN_MS = 1000;
/** Deadline of one reading, ms: the file may be on a mount that gives no answer (R33). */
const READ_WITHIN_MS = 10_000;
const MAX_PROCESSES = 2000;
const STRIP_LENGTH = 20;

interface PastCyclesOptions {
  readonly settings: Pick<LiveConfig, 'current'>;
  readonly history: Pick<History, 'records' | 'flush'>;
  readonly log: Pick<Log, 'warn'>;
  /** Default: reads the file. */
  readonly read?: typeof readHistory;
}

interface Loaded {
  readonly strips: BoundedMap<number, readonly StripCycle[]>;
  readonly chart: DayChart;
  readonly live: Subscription;
}

/**
 * The past of the processes, from the history file. It is read when somebody looks for the first time, then kept up to
 * date by the cycles that end, and forgotten when nobody looks any more: until then it costs nothing.
 */
export class PastCycles {
  #loading: Promise<Loaded> | undefined;
  #loaded: Loaded | undefined;
  #forgetting: NodeJS.Timeout | undefined;
  /** One reading of the file at a time: two files of 5 MB each are a tenth of a second of work. */
  #reading: Promise<unknown> = Promise.resolve();
  /**
   * Files that are being read, also after the deadline. None is read a second time meanwhile: it would cost one thread
   * more.
   */
  readonly #unanswered = new Set<string>();

  constructor(private readonly options: PastCyclesOptions) {}

  /** Reads the file unless that was done. A file that cannot be read is told in the log, and is as if it were empty. */
  async load(): Promise<void> {
    this.#forgetting?.refresh();
    this.#loading ??= this.#load();
    await this.#loading;
  }

  /** The last cycles of a process, the oldest first. Undefined if nothing was loaded. */
  stripOf(processId: number): readonly StripCycle[] | undefined {
    return this.#loaded && (this.#loaded.strips.get(processId) ?? []);
  }

  async charts(now: number): Promise<Charts> {
    await this.load();
    return (this.#loaded?.chart ?? new DayChart()).columns(now);
  }

  /** A page of the history, the newest first. A cycle that open pages have just been told of is on it. */
  async page(query: HistoryQuery): Promise<HistoryPage> {
    const { offset, limit } = query;
    const wanted = offset + limit + 1;
    const found: CycleRecord[] = [];
    await withTimeout(WRITTEN_WITHIN_MS, this.options.history.flush()).catch(() => {});
    await this.#read((record) => {
      if (!isWanted(record, query)) return;
      found.push(record);
      // Only the last ones are wanted. Cut seldom: each cut moves all.
      if (found.length > 2 * wanted) found.splice(0, found.length - wanted);
    });
    const newestFirst = found.slice(-wanted).reverse();
    return {
      entries: newestFirst.slice(offset, offset + limit),
      offset,
      hasMore: newestFirst.length > offset + limit,
    };
  }

  close(): void {
    clearTimeout(this.#forgetting);
    this.#forget();
  }

  async #load(): Promise<Loaded> {
    const strips = new BoundedMap<number, readonly StripCycle[]>(MAX_PROCESSES);
    const chart = new DayChart();
    const take = (record: CycleRecord): void => {
      chart.add(record);
      if (record.verdict !== 'escalated') addToStrip(strips, record);
    };
    // A cycle that ends meanwhile may be in the file or not yet.
    const meanwhile: CycleRecord[] = [];
    let isRead = false;
    const live = this.options.history.records.subscribe((record) => {
      if (isRead) take(record);
      else meanwhile.push(record);
    });
    const seen = new BoundedMap<string, true>(MAX_PROCESSES);
    await this.#read((record) => {
      take(record);
      seen.set(identify(record), true);
    });
    isRead = true;
    for (const record of meanwhile) if (!seen.has(identify(record))) take(record);
    this.#loaded = { strips, chart, live };
    this.#forgetting = setTimeout(() => this.#forget(), FORGET_AFTER_MS).unref();
    return this.#loaded;
  }

  #forget(): void {
    this.#loaded?.live.unsubscribe();
    this.#loaded = undefined;
    this.#loading = undefined;
  }

  #read(take: (record: CycleRecord) => void): Promise<void> {
    const { settings, log } = this.options;
    const reading = this.#reading.then(async () => {
      try {
        await this.#readFile(settings.current.monitor.historyFile, take);
      } catch (error) {
        log.warn('monitor_service', `the page cannot read the history file: ${describeError(error)}`);
      }
    });
    this.#reading = reading;
    return reading;
  }

  /** Takes nothing any more after the deadline. Throws TimedOutError then, or what the file system throws. */
  async #readFile(file: string, take: (record: CycleRecord) => void): Promise<void> {
    if (this.#unanswered.has(file)) throw new Error('an earlier reading of it still has no answer');
    const { read = readHistory } = this.options;
    let isOver = false;
    const readAll = async (): Promise<void> => {
      try {
        for await (const record of read(file)) {
          if (isOver) return;
          take(record);
        }
      } finally {
        this.#unanswered.delete(file);
      }
    };
    this.#unanswered.add(file);
    try {
      await withTimeout(READ_WITHIN_MS, readAll());
    } finally {
      isOver = true;
    }
  }
}

function identify({ processId, seenAt, durationMs, verdict }: CycleRecord): string {
  return `${processId} ${seenAt} ${durationMs} ${verdict}`;
}

function addToStrip(strips: BoundedMap<number, readonly StripCycle[]>, record: CycleRecord): void {
  const { processId, seenAt, verdict, durationMs, reactionMs } = record;
  const cycle = { at: seenAt, verdict, durationMs, ...(reactionMs !== undefined && { reactionMs }) };
  strips.set(processId, [...(strips.get(processId) ?? []), cycle].slice(-STRIP_LENGTH));
}

function isWanted(
  { processId, processName, verdict, trigger, by, seenAt }: CycleRecord,
  query: HistoryQuery,
): boolean {
  return (
    (query.process === undefined || query.process === processName) &&
    (query.processId === undefined || query.processId === processId) &&
    (query.verdict === undefined || query.verdict.includes(verdict)) &&
    (query.trigger === undefined || query.trigger === trigger) &&
    (query.by === undefined || query.by === by) &&
    seenAt >= (query.since ?? 0) &&
    seenAt <= (query.until ?? Number.POSITIVE_INFINITY)
  );
}
