import { merge, type Observable, ReplaySubject } from 'rxjs';

/**
 * How a write of our own appears as a row change. A note alone does not appear, because it leaves `alarma` unchanged.
 */
export type OwnChange = 'lowered' | 'raised';

interface OwnWrite {
  readonly echo: ReplaySubject<void>;
  isSeen: boolean;
}

/** How many late writes are remembered. While the stream is down no write comes back, so they must not pile up. */
const LATE_WRITES_KEPT = 8;

/**
 * The writes of our own that have not come back through the binlog yet (R12). Allocates nothing before the first
 * write.
 */
export class OwnWriteEchoes {
  #writes: Map<string, OwnWrite> | undefined;

  /** `before`: the echoes of the last cycle, some of which may come late. `notes`: those of the alarm of this cycle. */
  constructor(before?: OwnWriteEchoes, notes: string | null = null) {
    this.#writes = before ? before.#lateWrites(notes) : undefined;
  }

  /**
   * Expects the row change of a write; call it before the write is sent. Emits and completes when the change comes
   * back.
   */
  expect(change: OwnChange, notes: string): Observable<void> {
    const key = keyOf(change, notes);
    const write = this.#writes?.get(key) ?? { echo: new ReplaySubject<void>(1), isSeen: false };
    this.#writes ??= new Map();
    this.#writes.set(key, write);
    return write.echo;
  }

  /** Emits when a write of this kind comes back that has not yet; undefined if there is none. */
  late(change: OwnChange): Observable<void> | undefined {
    const late = [...(this.#writes ?? [])].filter(([key, { isSeen }]) => !isSeen && isOf(change, key));
    return late.length > 0 ? merge(...late.map(([, { echo }]) => echo)) : undefined;
  }

  /** The write changed nothing or cannot come back. A row change that looks like its echo was made by somebody else. */
  forget(change: OwnChange, notes: string): void {
    this.#writes?.delete(keyOf(change, notes));
  }

  /**
   * Whether this row change is the echo of a write of our own. A clear may come back twice, if its answer was lost
   * and it was sent again. A raise is recognised only once: if a tool later raises without setting notes, our old
   * note is still in the row, so a second match is the raise of that tool.
   */
  isEcho(change: OwnChange, notes: string | null): boolean {
    const write = notes === null ? undefined : this.#writes?.get(keyOf(change, notes));
    if (!write || (change === 'raised' && write.isSeen)) return false;
    see(write);
    return true;
  }

  /** A statement in the binlog does not show its notes, so it counts for every write that is expected. */
  seeAll(): void {
    for (const write of this.#writes?.values() ?? []) see(write);
  }

  // If the alarm of this cycle was raised over the notes of our clear, that clear came before it. A later change with
  // the same notes was made by somebody else.
  #lateWrites(notes: string | null): Map<string, OwnWrite> | undefined {
    const overwritten = keyOf('lowered', notes ?? '');
    const late = [...(this.#writes ?? [])].filter(([key, { isSeen }]) => !isSeen && key !== overwritten);
    return late.length > 0 ? new Map(late.slice(-LATE_WRITES_KEPT)) : undefined;
  }
}

function see(write: OwnWrite): void {
  write.isSeen = true;
  write.echo.next();
  write.echo.complete();
}

function isOf(change: OwnChange, key: string): boolean {
  return key.startsWith(keyOf(change, ''));
}

function keyOf(change: OwnChange, notes: string): string {
  return `${change} ${notes}`;
}
