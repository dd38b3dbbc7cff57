import { InvalidArgumentError } from 'commander';
import { isWebUserName, WEB_USER_NAMES } from '../../domain/web-user.js';
import { hashPassword } from '../../lib/password-hash.js';
import type { AddCommand } from '../shared/command-options.js';
import { EXIT_INTERRUPTED } from '../shared/exit-codes.js';
import { writeOut } from '../shared/output.js';
import { runAndReport } from '../shared/run-and-report.js';
import { readNewPassword } from './read-new-password.js';
import { replaceUser } from './replace-user.js';

/** Adds `web-password`: makes the line of a user of the page. */
export const addWebPasswordCommand: AddCommand = (program, end) => {
  program
    .command('web-password')
    .description('make the line of a user for the password_file of [web]')
    .argument('<name>', 'the user', parseName)
    .option('--file <file>', 'put the line into this file, in place of an older one of the user')
    .addHelpText('after', HELP)
    .action(async (name: string, { file }: { file?: string }) =>
      end(await runAndReport(false, () => makeLine(name, file))),
    );
};

async function makeLine(name: string, file: string | undefined): Promise<number> {
  const password = await readNewPassword(name);
  if (password === undefined) return EXIT_INTERRUPTED;
  const { text, way } = await hashPassword(password);
  if (way.name !== 'scrypt')
    await writeOut('this host has no scrypt, so the hash is one of PBKDF2\n', process.stderr);
  const line = `${name}:${text}`;
  if (file === undefined) await writeOut(`${line}\n`);
  else {
    const isNew = await replaceUser(file, name, line);
    await writeOut(
      `${name} ${isNew ? 'is added to' : 'has a new password in'} ${file}; now: monitor_service reload\n`,
      process.stderr,
    );
  }
  return 0;
}

function parseName(name: string): string {
  if (!isWebUserName(name)) throw new InvalidArgumentError(`Allowed: ${WEB_USER_NAMES}.`);
  return name;
}

const HELP = `
At a terminal the password is asked for twice and not shown. Otherwise it is the first line of the input.
Exit code: 0 done, 1 the password is too short or the file cannot be used, 64 wrong arguments, 77 not for this user,
130 ended by Ctrl-C.

Examples:
  sudo monitor_service web-password anna --file /opt/monitor_service/web-users
  monitor_service web-password anna <secret.txt`;
