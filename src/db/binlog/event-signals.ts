import type { AnyBinlogEvent } from '@vlasky/zongji';
import type { BinlogSignal } from '../../domain/alarm/binlog-signal.js';
import type { Beat } from '../../domain/alarm/relay-freshness.js';
import type { KnownNames } from './names/known-names.js';
import { resolveNames } from './names/resolve-names.js';
import { type BinlogReadingOptions, readBinlogEvent } from './read-binlog-event.js';
import { beatOf } from './relay/heartbeat.js';
import { TransactionBuffer, XaTransaction } from './transaction-buffer.js';

/** The heartbeat of a relay (R38): its table, and who receives each beat. */
export interface HeartbeatReading {
  readonly table: string;
  readonly onBeat: (beat: Beat) => void;
}

/**
 * Turns the events of one connection into signals: those of a transaction when it has ended, with the names of the
 * processes.
 */
export class EventSignals {
  readonly #xa = new XaTransaction();
  readonly #rows = new TransactionBuffer();

  constructor(
    private readonly reading: BinlogReadingOptions,
    private readonly heartbeat: HeartbeatReading | undefined,
    private readonly names: KnownNames,
    private readonly now: () => number,
  ) {}

  /**
   * Must be called for every event, in order. Returns the signals that may be acted on now.
   *
   * @throws BinlogError if our table was altered.
   */
  push(event: AnyBinlogEvent): readonly BinlogSignal[] {
    const isUncommitted = this.#xa.follow(event);
    const signals = this.#isBeat(event)
      ? []
      : readBinlogEvent(event, this.reading).filter(({ kind }) => !isUncommitted || kind === 'hidden');
    return resolveNames(this.#rows.push(event, signals), this.names, this.now());
  }

  /** A row of the present transaction could not be decoded, for the reason given. */
  distrust(undecodable: string): void {
    this.#rows.distrust(undecodable);
  }

  /** Passes on the beat of an event of the heartbeat table. Returns whether it is one. */
  #isBeat(event: AnyBinlogEvent): boolean {
    const beat = this.heartbeat && beatOf(event, this.heartbeat.table);
    if (beat) this.heartbeat?.onBeat(beat);
    return beat !== undefined;
  }
}
