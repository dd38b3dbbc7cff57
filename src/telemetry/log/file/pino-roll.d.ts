/**
 * pino-roll ships no types. These are only the parts that this project uses, of pino-roll and of the sonic-boom stream
 * that it returns.
 */
declare module 'pino-roll' {
  import type { EventEmitter } from 'node:events';

  export interface RollOptions {
    file: string;
    /** A number with its unit: `5120k`. */
    size: string;
    sync: boolean;
    append: boolean;
    mode: number;
    maxLength: number;
  }

  export interface RollStream extends EventEmitter {
    /** The numbered file that it writes to; after a failed rotation, the file that it could not open. */
    readonly file: string;
    readonly fd: number;
    /** With `sync`, a failure is an `error` event during the call. Throws when destroyed. */
    write(line: string): boolean;
    /** Opens `file` again. With `sync`, throws if that fails. */
    reopen(): void;
    end(): void;
    destroy(): void;
  }

  export default function pinoRoll(options: RollOptions): Promise<RollStream>;
}
