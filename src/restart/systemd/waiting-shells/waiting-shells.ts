import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../../commands/run-command.js';
import { runtimeDirectory } from '../runtime-directory.js';
import type { SystemdClient } from '../systemd-client.js';
import type { ShellKind } from '../transient-name.js';
import { type CommandRecord, removeRecord, writeRecord } from './command-records.js';
import { becomeCommand, shellUnit } from './shell-unit.js';
import { WaitingShell } from './waiting-shell.js';

/** How many shells of each kind wait. */
export type ShellCounts = Readonly<Record<ShellKind, number>>;

/** A new shell is started when no command has begun or ended for this long, in ms, so that it delays no reaction. */
const CALM_MS = 100;
const START_TIMEOUT_MS = 5000;
/** Delay before a failed start of a shell is tried again, in ms. It doubles with each failure. */
const FIRST_RETRY_MS = 1000;
const MAX_RETRY_MS = 300_000;
/** mkfifo is a program, so one call creates this many FIFOs. */
const FIFOS_AT_ONCE = 8;

/**
 * Shells that wait in units of their own, each for one command: to create a unit takes ten times as long as to send a
 * line to a shell. They end with this service, in whatever way it ends. If no shell waits, a unit is created for the
 * command.
 */
export class WaitingShells {
  readonly #shells: Record<ShellKind, WaitingShell[]> = { command: [], check: [] };
  #counts: ShellCounts = { command: 0, check: 0 };
  #directory: string | undefined;
  #fifos: string[] = [];
  /** How often mkfifo was called. */
  #calls = 0;
  #timer: NodeJS.Timeout | undefined;
  #retryMs = FIRST_RETRY_MS;
  #isFilling = false;
  #isClosed = false;

  constructor(private readonly systemd: Pick<SystemdClient, 'startTransient'>) {}

  /** Sets how many shells wait from now on. */
  keep(counts: ShellCounts): void {
    this.#counts = counts;
    for (const kind of KINDS) for (const shell of this.#shells[kind].splice(counts[kind])) shell.close();
    this.noteActivity();
  }

  /**
   * Gives the command in this file to a waiting shell. Returns the unit in which it begins, whose record has been
   * written; undefined if there is no shell for it.
   */
  tell(kind: ShellKind, commandFile: string, record: CommandRecord): string | undefined {
    for (let shell = this.#shells[kind].shift(); shell; shell = this.#shells[kind].shift()) {
      if (!writeRecord(shell.unit, record)) {
        this.#shells[kind].unshift(shell);
        return undefined;
      }
      if (shell.tell(becomeCommand(commandFile))) return shell.unit;
      removeRecord(shell.unit);
    }
    return undefined;
  }

  /** Call this when a command begins and when it ends. */
  noteActivity(): void {
    this.#fillIn(CALM_MS);
  }

  /** Ends the waiting shells. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    for (const kind of KINDS) for (const shell of this.#shells[kind].splice(0)) shell.close();
    if (this.#directory !== undefined) rmSync(this.#directory, { recursive: true, force: true });
  }

  #fillIn(ms: number): void {
    clearTimeout(this.#timer);
    if (!this.#isClosed) this.#timer = setTimeout(() => void this.#fill(), ms);
  }

  /** Starts one shell at a time, with a pause between them. */
  async #fill(): Promise<void> {
    const kind = KINDS.find((one) => this.#shells[one].length < this.#counts[one]);
    if (this.#isFilling || kind === undefined) return;
    this.#isFilling = true;
    const shell = await this.#start(kind).catch(() => undefined);
    this.#isFilling = false;
    if (!shell) {
      this.#fillIn(this.#retryMs);
      this.#retryMs = Math.min(this.#retryMs * 2, MAX_RETRY_MS);
      return;
    }
    this.#retryMs = FIRST_RETRY_MS;
    if (this.#isClosed || this.#shells[kind].length >= this.#counts[kind]) shell.close();
    else this.#shells[kind].push(shell);
    this.#fillIn(CALM_MS);
  }

  async #start(kind: ShellKind): Promise<WaitingShell | undefined> {
    const fifo = await this.#takeFifo();
    if (fifo === undefined) return undefined;
    const unit = shellUnit(kind, fifo);
    const shell = new WaitingShell(unit.name, fifo);
    try {
      const { outcome } = await this.systemd.startTransient(unit, { timeoutMs: START_TIMEOUT_MS });
      if (outcome === 'done') return shell;
    } catch {
      // systemd cannot be reached now.
    }
    // If it starts after all, it ends at once.
    shell.close();
    return undefined;
  }

  async #takeFifo(): Promise<string | undefined> {
    if (this.#fifos.length === 0) {
      this.#directory ??= mkdtempSync(join(runtimeDirectory(), 'process-monitor-'));
      const directory = this.#directory;
      this.#calls += 1;
      const paths = Array.from({ length: FIFOS_AT_ONCE }, (_, index) =>
        join(directory, `${this.#calls}-${index}`),
      );
      const made = await runCommand(
        { argv: ['mkfifo', '-m', '600', '--', ...paths] },
        { timeoutMs: START_TIMEOUT_MS },
      );
      if (made.outcome === 'exited' && made.exitCode === 0) this.#fifos = paths;
    }
    return this.#fifos.shift();
  }
}

const KINDS = ['command', 'check'] as const satisfies readonly ShellKind[];
