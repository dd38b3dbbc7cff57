import { setTimeout as delay } from 'node:timers/promises';
import { ControlClientError } from '../../control/control-client.js';
import { describeError } from '../../domain/errors.js';
import { formatLocalTime } from '../../domain/local-time.js';
import { toPrintableJson } from '../../lib/printable-json.js';
import { unlessAborted } from '../../lib/unless-aborted.js';
import { reportFailure } from '../shared/call-service.js';
import type { ServiceOptions } from '../shared/command-options.js';
import { findService, type ServiceLocation } from '../shared/find-service.js';
import { exitOnClosedPipe, writeOut } from '../shared/output.js';
import { createPaint, type Paint, wantsColour } from '../shared/terminal.js';
import { openScreen } from './screen.js';
import { viewStatus } from './show-status.js';

/**
 * Shows the status repeatedly until q or Ctrl-C; the exit code is then 0. On a terminal it is redrawn in location,
 * otherwise printed one after the other. Goes on when the service stops and starts again.
 */
export async function watchStatus(options: ServiceOptions, everyMs: number): Promise<number> {
  exitOnClosedPipe();
  const json = options.json === true;
  try {
    return await watch(await findService(options.config), everyMs, json);
  } catch (error) {
    return await reportFailure(error, json);
  }
}

async function watch(location: ServiceLocation, everyMs: number, json: boolean): Promise<number> {
  const paint = createPaint(wantsColour(process.stdout));
  const leaving = new AbortController();
  const stopListening = listenForLeave(() => leaving.abort());
  const screen = process.stdout.isTTY && !json ? openScreen() : undefined;
  const show = async (lines: readonly string[]): Promise<void> => {
    if (screen) screen.show([...lines, '', paint({ text: 'q leaves', colour: 'dim' })]);
    else if (json) await printText(lines);
    else await printText([formatLocalTime(Date.now()), ...lines, '']);
  };
  try {
    while (!leaving.signal.aborted) {
      // Leaving must work even while a slow service has not answered, or a slow reader has not taken everything.
      const lines = await unlessAborted(nextLines(location, json, paint), leaving.signal);
      if (lines) await unlessAborted(show(lines), leaving.signal);
      await delay(everyMs, undefined, { signal: leaving.signal }).catch(() => {});
    }
    return 0;
  } finally {
    stopListening();
    screen?.close();
  }
}

/** A service that does not answer may do so a second later. Missing permission stays missing. */
async function nextLines(location: ServiceLocation, json: boolean, paint: Paint): Promise<readonly string[]> {
  try {
    return (await viewStatus(location, json, paint)).lines;
  } catch (error) {
    if (!(error instanceof ControlClientError) || error.failure === 'forbidden') throw error;
    const text = describeError(error);
    return [json ? toPrintableJson({ error: text }) : paint({ text, colour: 'red' })];
  }
}

function printText(lines: readonly string[]): Promise<void> {
  return writeOut(lines.map((line) => `${line}\n`).join(''));
}

/** In raw mode Ctrl-C and Ctrl-D come as characters. */
const LEAVE_KEYS = ['q', 'Q', '\x03', '\x04'];

/** Calls `leave` on Ctrl-C, on q and when the terminal is closed. */
function listenForLeave(leave: () => void): () => void {
  const { stdin } = process;
  process.on('SIGINT', leave).on('SIGTERM', leave).on('SIGHUP', leave);
  const listen = (bytes: Buffer): void => {
    const keys = bytes.toString('latin1');
    if (LEAVE_KEYS.some((key) => keys.includes(key))) leave();
  };
  if (stdin.isTTY && process.stdout.isTTY) {
    stdin.setRawMode(true);
    stdin.on('data', listen).resume();
  }
  return () => {
    process.off('SIGINT', leave).off('SIGTERM', leave).off('SIGHUP', leave);
    if (!stdin.isTTY) return;
    stdin.setRawMode(false);
    stdin.off('data', listen).pause();
  };
}
