import { MonitorError } from '../errors.js';
import type { AlarmLowered, Renaming } from './alarm.js';
import type { StatementEffect } from './statement-effect.js';

/** What the binlog reports about the alarms. */
export type BinlogSignal =
  | { readonly kind: 'streaming' }
  | {
      readonly kind: 'raised';
      readonly processId: number;
      /** As it was at the commit; absent if it is not known (R36). */
      readonly processName?: string;
      /** For so long a look-up may still find an older name, ms; absent if it does not. */
      readonly nameDoubtedForMs?: number;
      readonly notes: string | null;
    }
  | { readonly kind: 'lowered'; readonly lowering: AlarmLowered }
  /** A row of PROCESE says so (R36). A cycle that waits may have been begun under the old name. */
  | { readonly kind: 'renamed'; readonly renaming: Renaming }
  /** One of our own statements, in STATEMENT or MIXED format. */
  | { readonly kind: 'own-statement'; readonly processId: number }
  /**
   * Something that may hide an alarm (R4). `namesTable`: it certainly concerns our table. `undecodable`: why one of its
   * rows could not be decoded.
   */
  | {
      readonly kind: 'hidden';
      readonly namesTable: boolean;
      readonly undecodable?: string;
      /** It belongs to others; absent for what may as well be ours. */
      readonly foreign?: ForeignStatement;
      /** The processes whose rows it may have changed; absent if any. */
      readonly concerns?: readonly number[];
      readonly effect?: StatementEffect;
    };

/**
 * A definition in another schema changes no row. Any other statement may change one of ours, by a trigger or a
 * function.
 */
export type ForeignStatement = 'definition' | 'statement';

/** The binlog over all its connections. */
export type StreamSignal =
  | BinlogSignal
  | {
      readonly kind: 'lost';
      readonly error: BinlogError;
      readonly retryInMs: number;
      /** How long it had been streaming, ms; absent if it never came up. */
      readonly wasUpForMs: number | undefined;
    };

/** The binlog stream has ended or can no longer be trusted. A new connection may help, so this is always retryable. */
export class BinlogError extends MonitorError {
  readonly retryable = true;
  /** True if nothing is wrong with the server, so that there is no reason to wait. */
  readonly retryAtOnce: boolean;
  /** True if the cause is the server's configuration or a missing grant (R6). */
  readonly isConfiguration: boolean;
  /** True if no relay is to blame: another one would fail in the same way (R38). */
  readonly isOfPrimary: boolean;

  constructor(message: string, options: BinlogErrorOptions = {}) {
    super(message, options);
    this.retryAtOnce = options.retryAtOnce ?? false;
    this.isConfiguration = options.isConfiguration ?? false;
    this.isOfPrimary = options.isOfPrimary ?? false;
  }
}

interface BinlogErrorOptions {
  readonly remedy?: string;
  readonly cause?: unknown;
  readonly retryAtOnce?: boolean;
  readonly isConfiguration?: boolean;
  readonly isOfPrimary?: boolean;
}
