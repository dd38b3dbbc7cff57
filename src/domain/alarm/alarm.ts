/** What started a cycle. `resume`: a pause was over; `manual`: somebody asked for it. */
export type Trigger = 'binlog' | 'poll' | 'reconnect' | 'circuit-reset' | 'resume' | 'manual';

/** A row of STATUS_PROCESS with `alarma = 1`; or, with trigger `manual`, what stands for one where there may be none. */
export interface Alarm {
  readonly processId: number;
  /** Absent when it came as a row change: PROCESE must still be asked (R3). */
  readonly processName?: string | null;
  /** What the tool that raised the alarm wrote. */
  readonly notes: string | null;
  readonly trigger: Trigger;
  /** Who asked for the cycle, with trigger `manual`. */
  readonly by?: string;
  /** True for a row change that raised the alarm just now; false where a reconcile found it standing. */
  readonly raised: boolean;
  /** When the service saw it, ms since the epoch. */
  readonly seenAt: number;
  /** Place in the order of events (see `LogicalClock`) of what made us look: the row change, or the reconcile's trigger. */
  readonly causeSeq: number;
  /** Place in the order of events as of which it is known to stand: the row change, or the begin of the SELECT. */
  readonly readSeq: number;
}

/** How a process is called where its name may be unknown. */
export function displayName(processId: number, processName: string | null | undefined): string {
  return processName ?? `process_id ${processId}`;
}

/** The alarm, with what PROCESE calls the process. Field by field: a copy by spread gets a shape of its own in V8 each time. */
export function withProcessName(alarm: Alarm, processName: string | null): Alarm {
  const { processId, notes, trigger, by, raised, seenAt, causeSeq, readSeq } = alarm;
  const named = { processId, processName, notes, trigger, raised, seenAt, causeSeq, readSeq };
  return by === undefined ? named : { ...named, by };
}

/** What stands for an alarm where somebody asks for a cycle at `now`, ms since the epoch. */
export function createManualAlarm(
  processId: number,
  processName: string,
  by: string,
  now: number,
  order: LogicalClock,
): Alarm {
  const place = order.next();
  return {
    processId,
    processName,
    notes: null,
    trigger: 'manual',
    by,
    raised: false,
    seenAt: now,
    causeSeq: place,
    readSeq: place,
  };
}

/** The alarm of a process was taken back, by us or by somebody else. */
export interface AlarmLowered {
  readonly processId: number;
  /** What stands in `notes` now; our own writes are recognised by it. */
  readonly notes: string | null;
}

/** What the sources tell about one process. */
export type AlarmSignal =
  | { readonly kind: 'alarm'; readonly alarm: Alarm }
  | { readonly kind: 'lowered'; readonly lowering: AlarmLowered }
  /** A write of our own came back through the binlog, seen as a statement. */
  | { readonly kind: 'own-write'; readonly processId: number }
  /** Somebody asks for a cycle, alarm or not. `answer` is called at once: false while a cycle of the process runs. */
  | { readonly kind: 'manual'; readonly alarm: Alarm; readonly answer: (isBegun: boolean) => void }
  /** Any alarm may have been raised just now: the binlog shows a change without its rows, or has a gap. */
  | { readonly kind: 'possible-raise' }
  /** About no process: `passed` is called where an alarm would get its cycle, so that the watchdog knows it would. */
  | { readonly kind: 'probe'; readonly passed: () => void };

/**
 * A logical clock: numbers the things that happen to the service in the order in which it learns of them. Unlike a
 * wall clock it never jumps, and no two events share a place.
 */
export class LogicalClock {
  #last = 0;

  next(): number {
    this.#last += 1;
    return this.#last;
  }
}

/** One row image of a row change, keys in lower case; a column that the image does not hold has no key. */
export type RowImage = Readonly<Record<string, unknown>>;

/** What a row change of STATUS_PROCESS means for the alarms (R2, R4). */
export type RowMeaning =
  | { readonly kind: 'raised'; readonly processId: number; readonly notes: string | null }
  | { readonly kind: 'lowered'; readonly processId: number; readonly notes: string | null }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'unusable' };

/**
 * Reads a row change: an INSERT has no `before`, a DELETE no `after`. `unusable` means that the images lack what R2
 * needs (binlog_row_image = MINIMAL), so that only a reconcile can tell.
 */
export function interpretRowChange(before: RowImage | undefined, after: RowImage | undefined): RowMeaning {
  if (after === undefined) return interpretDelete(before);
  const idBefore = before && readProcessId(before);
  const processId = readProcessId(after) ?? idBefore;
  const isOtherProcess = idBefore !== undefined && idBefore !== processId;
  // An image without the column means "not changed" in an UPDATE, but "some default" in an INSERT. A row that was
  // given to another process may bring its alarm along.
  if (!('alarma' in after)) return before && !isOtherProcess ? { kind: 'nothing' } : { kind: 'unusable' };
  if (processId === undefined) return { kind: 'unusable' };
  const notes = readNotes(after);
  if (!isRaised(after)) {
    const mayHaveBeenRaised = before !== undefined && (!('alarma' in before) || isRaised(before));
    return mayHaveBeenRaised
      ? { kind: 'lowered', processId: idBefore ?? processId, notes }
      : { kind: 'nothing' };
  }
  if (before === undefined) return { kind: 'raised', processId, notes };
  if (!('alarma' in before)) return { kind: 'unusable' };
  return isRaised(before) && !isOtherProcess ? { kind: 'nothing' } : { kind: 'raised', processId, notes };
}

function interpretDelete(before: RowImage | undefined): RowMeaning {
  const processId = before && readProcessId(before);
  if (!before || processId === undefined) return { kind: 'unusable' };
  const mayHaveBeenRaised = !('alarma' in before) || isRaised(before);
  return mayHaveBeenRaised ? { kind: 'lowered', processId, notes: readNotes(before) } : { kind: 'nothing' };
}

// `alarma` is a TINYINT in our schema; older tables have BIT, BOOLEAN or CHAR(1).
function isRaised({ alarma }: RowImage): boolean {
  if (!Buffer.isBuffer(alarma)) return Number(alarma) === 1;
  // A BIT comes as its bytes, highest first; text in a binary column as the bytes of the text.
  return (
    Number(alarma.toString('latin1')) === 1 ||
    (alarma.at(-1) === 1 && alarma.subarray(0, -1).every((byte) => byte === 0))
  );
}

function readProcessId(image: RowImage): number | undefined {
  const id = Number(image.process_id ?? Number.NaN);
  return Number.isSafeInteger(id) ? id : undefined;
}

function readNotes(image: RowImage): string | null {
  const { notes } = image;
  if (Buffer.isBuffer(notes)) return notes.toString('utf8');
  return typeof notes === 'string' ? notes : null;
}
