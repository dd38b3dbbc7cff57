import { catchError, defer, type Observable, tap } from 'rxjs';
import { BinlogError, type BinlogSignal } from '../domain/alarm/binlog-signal.js';

interface RelaysInOrderOptions {
  /** Where each relay is, for people, in the order of the list. */
  readonly places: readonly string[];
  /** Opens a stream from the relay at this index. */
  readonly connect: (index: number) => Observable<BinlogSignal>;
  readonly toBinlogError: (error: unknown) => BinlogError;
  /** A relay cannot be used, and the next one is tried. */
  readonly onSkipped: (place: string, error: BinlogError) => void;
}

/** The relays of a list: each connection begins with the one that was used last, and after it failed with the next. */
export class RelaysInOrder {
  #next = 0;

  constructor(private readonly options: RelaysInOrderOptions) {}

  /** One connection: tries the relays, once around, until one streams. Errors as that one does, or if none can be used. */
  connect(): Observable<BinlogSignal> {
    return defer(() => this.#tryFrom([]));
  }

  #tryFrom(failures: readonly BinlogError[]): Observable<BinlogSignal> {
    const { places, connect, toBinlogError, onSkipped } = this.options;
    const index = this.#next;
    const place = places[index] ?? '';
    let isUp = false;
    return defer(() => connect(index)).pipe(
      tap(({ kind }) => {
        if (kind === 'streaming') isUp = true;
      }),
      catchError((cause: unknown) => {
        const error = toBinlogError(cause);
        // The stream begins anew, or no relay would do.
        if (error.retryAtOnce || error.isOfPrimary) throw error;
        const failed = at(place, error);
        this.#next = (index + 1) % places.length;
        if (isUp) throw failed;
        const all = [...failures, failed];
        if (all.length >= places.length) throw summarize(all);
        onSkipped(place, error);
        return this.#tryFrom(all);
      }),
    );
  }
}

function at(place: string, { message, remedy, isConfiguration, cause }: BinlogError): BinlogError {
  return new BinlogError(`${place}: ${message}`, {
    isConfiguration,
    cause,
    ...(remedy !== undefined && { remedy }),
  });
}

function summarize(errors: readonly BinlogError[]): BinlogError {
  const [first] = errors;
  if (first && errors.length === 1) return first;
  return new BinlogError(`no relay can be used: ${errors.map(({ message }) => message).join('; ')}`, {
    isConfiguration: errors.every(({ isConfiguration }) => isConfiguration),
    ...(first?.remedy !== undefined && { remedy: first.remedy }),
  });
}
