/** One row image of a row change, keys in lower case. A column that is not in the image has no key. */
export type RowImage = Readonly<Record<string, unknown>>;

/** What a row change of STATUS_PROCESS means for the alarms (R2, R4). */
export type RowMeaning =
  | { readonly kind: 'raised'; readonly processId: number; readonly notes: string | null }
  | { readonly kind: 'lowered'; readonly processId: number; readonly notes: string | null }
  | { readonly kind: 'nothing' }
  /** `processIds`: whose rows it may have changed; absent if the images do not say. */
  | { readonly kind: 'unusable'; readonly processIds?: readonly number[] };

/**
 * Interprets a row change: an INSERT has no `before`, a DELETE no `after`. `unusable` means that the images lack what
 * R2 needs (binlog_row_image = MINIMAL), so that a reconcile must find out.
 */
export function interpretRowChange(before: RowImage | undefined, after: RowImage | undefined): RowMeaning {
  if (after === undefined) return interpretDelete(before);
  const idBefore = before && readProcessId(before);
  const processId = readProcessId(after) ?? idBefore;
  const isOtherProcess = idBefore !== undefined && idBefore !== processId;
  // An image without the column means "not changed" in an UPDATE, but "some default" in an INSERT. A row that was given
  // to another process_id may bring its alarm along.
  if (!('alarma' in after))
    return before && !isOtherProcess ? { kind: 'nothing' } : unusable(before, idBefore, processId);
  if (processId === undefined) return { kind: 'unusable' };
  const notes = readNotes(after);
  if (!isRaised(after)) {
    const mayHaveBeenRaised = before !== undefined && (!('alarma' in before) || isRaised(before));
    return mayHaveBeenRaised
      ? { kind: 'lowered', processId: idBefore ?? processId, notes }
      : { kind: 'nothing' };
  }
  if (before === undefined) return { kind: 'raised', processId, notes };
  if (!('alarma' in before)) return unusable(before, idBefore, processId);
  return isRaised(before) && !isOtherProcess ? { kind: 'nothing' } : { kind: 'raised', processId, notes };
}

function unusable(
  before: RowImage | undefined,
  idBefore: number | undefined,
  processId: number | undefined,
): RowMeaning {
  if (processId === undefined || (before && idBefore === undefined)) return { kind: 'unusable' };
  const isOther = idBefore !== undefined && idBefore !== processId;
  return { kind: 'unusable', processIds: isOther ? [idBefore, processId] : [processId] };
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
  // A BIT arrives as its bytes, highest first; text in a binary column as the bytes of the text, padded with NUL.
  return (
    Number(alarma.toString('latin1').replace(/\0+$/, '')) === 1 ||
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
