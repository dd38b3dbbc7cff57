import { type Observable, Subject } from 'rxjs';
import type { CycleEvent } from '../domain/cycle/cycle-event.js';

/** A process that is to be restarted because another one was (`restart_with`, R35). */
export interface OwedRestart {
  readonly processName: string;
  /** The process whose restart was verified. */
  readonly with: string;
  /** When that was, ms since the epoch. */
  readonly since: number;
}

/**
 * The restarts that `restart_with` demands and that have no verdict yet. One of them is done with when a restart of the
 * process that began later has its verdict, whoever asked for it, or when nothing may restart the process now.
 */
export class OwedRestarts {
  readonly #owed: Map<string, OwedRestart>;
  /** Those that an earlier run left; it may have restarted them. */
  readonly #left: Set<string>;
  /** Those whose restart has begun since. */
  readonly #begun = new Set<string>();
  readonly #added = new Subject<void>();

  /** `followersOf`: the names of the processes that are restarted with this one. */
  constructor(
    private readonly followersOf: (processName: string) => readonly string[],
    saved: readonly OwedRestart[] = [],
  ) {
    this.#owed = new Map(saved.map((owed) => [owed.processName, owed]));
    this.#left = new Set(this.#owed.keys());
  }

  /** A restart is owed since just now. */
  get added(): Observable<void> {
    return this.#added;
  }

  list(): readonly OwedRestart[] {
    return [...this.#owed.values()];
  }

  /** Whether an earlier run owed this restart, and no restart has begun in this run. */
  isFromEarlierRun(processName: string): boolean {
    return this.#left.has(processName) && !this.#begun.has(processName);
  }

  /** Returns whether there was something to forget. */
  forget(processName: string): boolean {
    this.#left.delete(processName);
    this.#begun.delete(processName);
    return this.#owed.delete(processName);
  }

  /**
   * Learns from an event and returns whether anything changed. `wasUnproven`: a restart of its process had no verdict
   * before this event, so that a health check which succeeds is that verdict.
   */
  onEvent(event: CycleEvent, wasUnproven: boolean): boolean {
    const isPaid = this.#isPaid(event) && this.forget(event.processName);
    const isVerified = event.type === 'verified' || (isHealthy(event) && wasUnproven);
    return (isVerified && this.#owe(event)) || isPaid;
  }

  #owe({ processName, at }: CycleEvent): boolean {
    const followers = this.followersOf(processName);
    for (const follower of followers) {
      this.forget(follower);
      this.#owed.set(follower, { processName: follower, with: processName, since: at });
    }
    if (followers.length > 0) this.#added.next();
    return followers.length > 0;
  }

  #isPaid(event: CycleEvent): boolean {
    const { processName } = event;
    if (!this.#owed.has(processName)) return false;
    switch (event.type) {
      case 'pre-restart-started':
      case 'attempt-started':
        this.#begun.add(processName);
        return false;
      case 'verified':
      case 'exhausted':
        // The last attempt of a cycle may have begun before the restart that it must follow.
        return this.#begun.has(processName);
      case 'rechecked':
        // Only where an earlier run has restarted it already.
        return event.healthy && event.alarm.trigger === 'restart-with';
      case 'refused':
      case 'excluded':
      case 'paused':
      case 'skipped-open':
      case 'flapping':
      case 'faulted':
        return true;
      default:
        return false;
    }
  }
}

function isHealthy(event: CycleEvent): boolean {
  return event.type === 'rechecked' && event.healthy;
}
