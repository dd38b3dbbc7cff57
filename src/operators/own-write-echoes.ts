import { type Observable, ReplaySubject } from 'rxjs';

/** How a write of our own comes back as a row change. A mere note is none: it leaves `alarma` as it was. */
export type OwnChange = 'lowered' | 'raised';

interface OwnWrite {
  readonly echo: ReplaySubject<void>;
  isSeen: boolean;
}

/** While the stream is down no write comes back at all, so not all of them are waited for. */
const LATE_WRITES_KEPT = 8;

/** The writes of our own that are still to be seen in the binlog (R12). Nothing is kept before the first one. */
export class OwnWriteEchoes {
  #writes: Map<string, OwnWrite> | undefined;

  /** `before`: those of the last cycle, of which some may come late; `notes` are those of the alarm of this one. */
  constructor(before?: OwnWriteEchoes, notes: string | null = null) {
    this.#writes = before ? before.#lateWrites(notes) : undefined;
  }

  /** Tells of a write before it is sent. Emits and completes when its row change comes back. */
  expect(change: OwnChange, notes: string): Observable<void> {
    const key = keyOf(change, notes);
    const write = this.#writes?.get(key) ?? { echo: new ReplaySubject<void>(1), isSeen: false };
    this.#writes ??= new Map();
    this.#writes.set(key, write);
    return write.echo;
  }

  /** The write changed nothing, or cannot come back: what looks like its echo is somebody else's change. */
  forget(change: OwnChange, notes: string): void {
    this.#writes?.delete(keyOf(change, notes));
  }

  /**
   * Whether this row change is a write of our own that has come back. A clear may come back twice, where its answer
   * was lost and it was sent again; a raise only once: a tool that raises without notes of its own leaves ours there.
   */
  isEcho(change: OwnChange, notes: string | null): boolean {
    const write = notes === null ? undefined : this.#writes?.get(keyOf(change, notes));
    if (!write || (change === 'raised' && write.isSeen)) return false;
    see(write);
    return true;
  }

  /** A statement does not tell its notes: it stands for every write that is waited for. */
  seeAll(): void {
    for (const write of this.#writes?.values() ?? []) see(write);
  }

  // An alarm that was raised over the notes of our clear came after it: what lowers it with the same notes is foreign.
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

function keyOf(change: OwnChange, notes: string): string {
  return `${change} ${notes}`;
}
