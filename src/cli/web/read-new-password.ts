import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';
import { MonitorError } from '../../domain/errors.js';
import { writeOut } from '../shared/output.js';

class PasswordError extends MonitorError {
  readonly retryable = false;
}

/** Nothing longer is taken at the login either: its body is bounded. */
const LENGTHS = { min: 8, max: 200 };

/**
 * The new password of a user: asked for twice at a terminal, without an echo; else the first line of stdin. Undefined if
 * Ctrl-C or Ctrl-D ended the question.
 *
 * @throws PasswordError
 */
export async function readNewPassword(name: string): Promise<string | undefined> {
  const password = process.stdin.isTTY ? await askTwice(name) : await readFirstLine();
  if (password === undefined) return undefined;
  const length = [...password].length;
  if (length < LENGTHS.min || length > LENGTHS.max) {
    throw new PasswordError(
      `the password has ${length} characters, allowed: ${LENGTHS.min} to ${LENGTHS.max}`,
    );
  }
  if (/\p{Cc}/u.test(password)) throw new PasswordError('the password has a control character');
  return password;
}

async function askTwice(name: string): Promise<string | undefined> {
  // readline echoes what is typed to its output, and puts the terminal in a mode in which the kernel does not.
  const output = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output, terminal: true, historySize: 0 });
  // Ctrl-C. Ctrl-D in an empty line closes it by itself.
  terminal.on('SIGINT', () => terminal.close());
  // Made here, so that nothing that is typed ahead is lost.
  const lines = terminal[Symbol.asyncIterator]();
  try {
    const password = await ask(lines, `password of ${name}: `);
    const again = password === undefined ? undefined : await ask(lines, 'again: ');
    if (again === undefined) return undefined;
    if (again !== password) throw new PasswordError('the two passwords differ');
    return password;
  } finally {
    terminal.close();
  }
}

async function ask(
  lines: ReturnType<Interface[typeof Symbol.asyncIterator]>,
  question: string,
): Promise<string | undefined> {
  await writeOut(question, process.stderr);
  const { done, value } = await lines.next();
  await writeOut('\n', process.stderr);
  return done ? undefined : value;
}

async function readFirstLine(): Promise<string> {
  for await (const line of createInterface({ input: process.stdin, terminal: false })) return line;
  throw new PasswordError('there is no password on stdin');
}
