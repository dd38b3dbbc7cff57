import type { StandingPage } from '../domain/alarm/standing-page.js';
import type { CycleEvent } from '../domain/cycle/cycle-event.js';
import type { ServerChange } from '../domain/database-server.js';

/** A server that was promoted after a crash may lack what the old one wrote within this time, ms. */
const RECENT_MS = 60_000;
/** How long the service may have been away together with the old server, ms: a host that both ran on boots in less. */
const AWAY_MS = 600_000;
/** How many clears survive a restart of the service: far more than are lost with a server. */
const MOST_SAVED = 1000;

/** What survives a restart of the service. */
export interface SavedClears {
  /** The `identity` of the server on which they were written; absent: none was found. */
  readonly server?: string;
  /** When each process was cleared, ms since the epoch, the oldest first. */
  readonly clearedAt: ReadonlyMap<number, number>;
}

/**
 * Processes whose alarm was cleared shortly before another database server took over. If the alarm is raised there, the clear
 * may be lost with the old server, and the process may be healthy: a health check comes before a restart.
 */
export class RecentClears {
  /** When each was cleared, ms since the epoch, the oldest first. */
  readonly #clearedAt: Map<number, number>;
  readonly #doubtful = new Set<number>();
  #server: string | undefined;

  /** `saved`: those of an earlier run. `now`: ms since the epoch. */
  constructor({ server, clearedAt }: SavedClears = { clearedAt: new Map() }, now = Date.now()) {
    this.#server = server;
    const sorted = [...clearedAt].sort(([, a], [, b]) => a - b);
    this.#clearedAt = new Map(sorted.filter(([, at]) => now - at < AWAY_MS));
  }

  snapshot(): SavedClears {
    const clearedAt = new Map([...this.#clearedAt].slice(-MOST_SAVED));
    return { ...(this.#server !== undefined && { server: this.#server }), clearedAt };
  }

  onEvent({ type, processId, at }: CycleEvent): void {
    if (type !== 'cleared' && type !== 'rechecked') return;
    this.#doubtful.delete(processId);
    if (type === 'rechecked') return;
    this.#clearedAt.delete(processId);
    this.#clearedAt.set(processId, at);
    this.#forgetBefore(at - RECENT_MS);
  }

  /**
   * Another server than before is used from now on: every recent clear may be missing there. They are recent by when the old
   * one last answered, since the failover may take much longer than a clear counts.
   */
  onServerChange({ was, now, isOther, wasHeardAt }: ServerChange): void {
    const isFirst = was === undefined;
    const isMove = isFirst ? this.#server !== undefined && this.#server !== now.identity : isOther;
    this.#server = now.identity;
    if (!isMove) return;
    // An earlier run heard of the old server with its last clear at the latest.
    const heardAt = isFirst ? [...this.#clearedAt.values()].at(-1) : wasHeardAt;
    this.#forgetBefore((heardAt ?? Date.now()) - RECENT_MS);
    for (const processId of this.#clearedAt.keys()) this.#doubtful.add(processId);
  }

  /** Its process_id is another process now. */
  forget(processId: number): void {
    this.#clearedAt.delete(processId);
    this.#doubtful.delete(processId);
  }

  /** Whether an alarm that is found raised may have been answered already. */
  isDoubtful(processId: number): boolean {
    return this.#doubtful.has(processId);
  }

  /**
   * The new server has the clear of each alarm that is not raised there. Only of a server that may write: another one may have
   * the raise in its relay log, and not have applied it.
   */
  onPage(page: Pick<StandingPage, 'isGone'>): void {
    for (const processId of this.#doubtful) if (page.isGone(processId)) this.#doubtful.delete(processId);
  }

  #forgetBefore(time: number): void {
    for (const [processId, at] of this.#clearedAt) {
      if (at >= time) return;
      this.#clearedAt.delete(processId);
    }
  }
}
