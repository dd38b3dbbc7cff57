import type { Command } from 'commander';

/** Puts one command into the program: its arguments, options and help. Its action tells `end` the exit code. */
export type AddCommand = (program: Command, end: (exitCode: number) => void) => void;
