import { isOnRequest } from '../../domain/alarm/alarm.js';
import type { CycleRecord } from '../../domain/cycle/cycle-record.js';
import type { Charts } from '../../web/contract/past.js';

const BUCKET_MS = 300_000;
const BUCKETS = 288;
/** Reactions are counted in steps of a quarter of a power of two, from 1 ms to 9 h: within 10 % of what they were. */
const STEPS = 100;
const STEPS_PER_DOUBLING = 4;

/** The last 24 hours in buckets of five minutes: 120 KB, however much happened. Times are ms since the epoch. */
export class DayChart {
  /** Which five minutes of all time each bucket has now. */
  readonly #numbers = new Float64Array(BUCKETS).fill(-1);
  readonly #alarms = new Uint32Array(BUCKETS);
  readonly #restarted = new Uint32Array(BUCKETS);
  readonly #failed = new Uint32Array(BUCKETS);
  readonly #reactions = new Uint32Array(BUCKETS * STEPS);

  add(record: CycleRecord): void {
    if (record.verdict === 'escalated') return;
    const number = Math.floor(record.seenAt / BUCKET_MS);
    const at = number % BUCKETS;
    const known = this.#numbers[at] ?? -1;
    if (number < known) return;
    if (number > known) this.#empty(at, number);
    if (!isOnRequest(record)) this.#count(this.#alarms, at);
    if (record.verdict === 'restarted') this.#count(this.#restarted, at);
    if (record.verdict === 'failed' || record.verdict === 'broken-off') this.#count(this.#failed, at);
    if (record.reactionMs !== undefined && !isOnRequest(record))
      this.#count(this.#reactions, at * STEPS + stepOf(record.reactionMs));
  }

  /** All buckets until now, the oldest first. */
  columns(now: number): Charts {
    const last = Math.floor(now / BUCKET_MS);
    const numbers = Array.from({ length: BUCKETS }, (_, index) => last - BUCKETS + 1 + index);
    const column = (counts: Uint32Array): number[] =>
      numbers.map((number) => (this.#has(number) ? (counts[number % BUCKETS] ?? 0) : 0));
    const quantile = (share: number): (number | null)[] =>
      numbers.map((number) => (this.#has(number) ? this.#quantile(number % BUCKETS, share) : null));
    return {
      bucketMs: BUCKET_MS,
      times: numbers.map((number) => (number * BUCKET_MS) / 1000),
      alarms: column(this.#alarms),
      restarted: column(this.#restarted),
      failed: column(this.#failed),
      reactionP50Ms: quantile(0.5),
      reactionP95Ms: quantile(0.95),
    };
  }

  #has(number: number): boolean {
    return this.#numbers[number % BUCKETS] === number;
  }

  #empty(at: number, number: number): void {
    this.#numbers[at] = number;
    for (const counts of [this.#alarms, this.#restarted, this.#failed]) counts[at] = 0;
    this.#reactions.fill(0, at * STEPS, (at + 1) * STEPS);
  }

  #count(counts: Uint32Array, at: number): void {
    counts[at] = (counts[at] ?? 0) + 1;
  }

  #quantile(at: number, share: number): number | null {
    const counts = this.#reactions.subarray(at * STEPS, (at + 1) * STEPS);
    const total = counts.reduce((sum, count) => sum + count, 0);
    let left = Math.ceil(total * share);
    for (const [step, count] of counts.entries()) {
      left -= count;
      if (count > 0 && left <= 0) return msOf(step);
    }
    return null;
  }
}

function stepOf(ms: number): number {
  return Math.min(STEPS - 1, Math.max(0, Math.round(STEPS_PER_DOUBLING * Math.log2(Math.max(1, ms)))));
}

function msOf(step: number): number {
  return Math.round(10 * 2 ** (step / STEPS_PER_DOUBLING)) / 10;
}
