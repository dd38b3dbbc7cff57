import type { StandingPage } from '../domain/alarm/standing-page.js';
import type { CycleEvent } from '../domain/cycle/cycle-event.js';

/** A server that was promoted after a crash may lack what the old one wrote within this time, ms. */
const RECENT_MS = 60_000;

/**
 * Processes whose alarm was cleared shortly before another database server took over. If the alarm is raised there, the clear
 * may be lost with the old server, and the process may be healthy: a health check comes before a restart.
 */
export class RecentClears {
  /** When each was cleared, ms since the epoch, the oldest first. */
  readonly #clearedAt = new Map<number, number>();
  readonly #doubtful = new Set<number>();

  onEvent({ type, processId, at }: CycleEvent): void {
    if (type !== 'cleared' && type !== 'rechecked') return;
    this.#doubtful.delete(processId);
    if (type === 'rechecked') return;
    this.#clearedAt.delete(processId);
    this.#clearedAt.set(processId, at);
    this.#forgetBefore(at - RECENT_MS);
  }

  /**
   * Another server is used from now on: every recent clear may be missing there. `heardAt`: when the old one last answered, ms
   * since the epoch. The failover may have taken much longer than a clear counts.
   */
  doubt(heardAt: number): void {
    this.#forgetBefore(heardAt - RECENT_MS);
    for (const processId of this.#clearedAt.keys()) this.#doubtful.add(processId);
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
