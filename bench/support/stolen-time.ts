import { readFileSync } from 'node:fs';

/** Of all processors since the start of the machine, in ticks. */
interface ProcessorTime {
  /** What was spent, and what was stolen. */
  readonly wanted: number;
  /** What the host of a virtual machine gave to its other guests although it was wanted here. */
  readonly stolen: number;
}

export function readProcessorTime(text = readFileSync('/proc/stat', 'latin1')): ProcessorTime {
  const line = /^cpu +(.*)$/m.exec(text)?.[1] ?? '';
  const [user = 0, nice = 0, system = 0, , , interrupts = 0, softInterrupts = 0, stolen = 0] = line
    .split(' ')
    .map(Number);
  return { wanted: user + nice + system + interrupts + softInterrupts + stolen, stolen };
}

/** A remark where so much was stolen between the two that the figures are the host's as well. */
export function describeStolen(before: ProcessorTime, after: ProcessorTime): readonly string[] {
  const percent = (100 * (after.stolen - before.stolen)) / (after.wanted - before.wanted);
  if (!(percent >= WORTH_A_REMARK)) return [];
  return [`of the processor time that was wanted the host gave ${percent.toFixed(0)} % to its other guests`];
}

const WORTH_A_REMARK = 1;
