import { userInfo } from 'node:os';

/** The name of the user who runs the command, for the log. Under sudo it is the person, not root. */
export function callerName(env: NodeJS.ProcessEnv = process.env): string {
  const name = env.SUDO_USER || env.LOGNAME || nameOfUser();
  return name.slice(0, MAX_NAME_LENGTH);
}

const MAX_NAME_LENGTH = 100;

function nameOfUser(): string {
  try {
    return userInfo().username;
  } catch {
    // The user has no entry in the user database.
    return `uid ${process.getuid?.() ?? '?'}`;
  }
}
