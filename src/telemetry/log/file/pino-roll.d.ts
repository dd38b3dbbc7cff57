/** pino-roll ships no types. Only what this project uses of it, and of the sonic-boom stream it returns. */
declare module 'pino-roll' {
  import type { EventEmitter } from 'node:events';

  export interface RollOptions {
    file: string;
    /** A number with its unit: `5120k`. */
    size: string;
    limit: { count: number; removeOtherLogFiles: boolean };
    sync: boolean;
    append: boolean;
    mode: number;
    maxLength: number;
  }

  export interface RollStream extends EventEmitter {
    /** The numbered file it writes to, or, after a failed rotation, wanted to write to. */
    readonly file: string;
    /** With `sync`, a failure is an `error` event during the call. Throws when destroyed. */
    write(line: string): boolean;
    /** Opens `file` again. With `sync`, throws when that fails. */
    reopen(): void;
    end(): void;
    destroy(): void;
  }

  export default function pinoRoll(options: RollOptions): Promise<RollStream>;
}
