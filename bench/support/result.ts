import type { Flavour } from '../../test/support/server-programs.js';
import type { MachineFacts } from './machine-facts.js';

export type Unit = 'µs' | 'ms' | 's' | 'MB' | 'KB' | '%' | 'count' | '1/s' | 'CPU s' | 'CPU ms' | 'CPU ms/s';

/** One number that was measured, beside the number that it is to be compared with. */
export interface Figure {
  /** What it is, e.g. `idle, p99`; unique within its result. */
  readonly what: string;
  readonly unit: Unit;
  readonly value: number;
  /** Measured in the same run, interleaved with the value. */
  readonly baseline?: { readonly what: string; readonly value: number };
  /** What is promised: at most so much, of the value itself or of its ratio to the baseline. */
  readonly aim?: { readonly of: 'value' | 'ratio'; readonly atMost: number };
  /** How many samples the value was taken of, where it is a quantile. */
  readonly samples?: number;
  /** Computed from others, and not measured; says how. */
  readonly computed?: string;
  /** Belongs to the few that show all at a glance. */
  readonly isHeadline?: boolean;
}

/** A curve for a plot. */
export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** What a bench hands over. */
export interface Measured {
  readonly figures: readonly Figure[];
  readonly series?: readonly Series[];
  /** What a reader must know beside the figures, a sentence each. */
  readonly remarks?: readonly string[];
  /** Where it was not measured on this machine itself, but on a host that was booted for it. */
  readonly host?: { readonly systemd: string; readonly serverVersion: string };
}

/** One bench on one server, as its file in bench/results has it. */
export interface BenchResult extends Measured {
  readonly name: string;
  readonly server: Flavour;
  readonly serverVersion: string;
  readonly what: string;
  readonly form: Form;
  readonly seed: number;
  readonly machine: MachineFacts;
}

/** How much is measured: `quick` shows that it runs, `default` takes minutes, `full` is what is published. */
export type Form = 'quick' | 'default' | 'full';

export function ratioOf({ value, baseline }: Figure): number | undefined {
  return baseline === undefined || baseline.value === 0 ? undefined : value / baseline.value;
}

/** Undefined where nothing was promised. */
export function isMet(figure: Figure): boolean | undefined {
  if (!figure.aim) return undefined;
  const measured = figure.aim.of === 'value' ? figure.value : ratioOf(figure);
  return measured !== undefined && measured <= figure.aim.atMost;
}
