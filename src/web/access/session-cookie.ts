import type { IncomingMessage } from 'node:http';

const NAME = 'monitor_session';

/** The id that the browser sends; undefined if there is none, or more than one. */
export function sessionIdIn({ headers }: IncomingMessage): string | undefined {
  const found = (headers.cookie ?? '')
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part.startsWith(`${NAME}=`));
  const [only, ...more] = found;
  return more.length > 0 ? undefined : only?.slice(NAME.length + 1);
}

/** The header that makes the browser keep the id. No script sees it, and no other site makes the browser send it. */
export function sessionCookie(id: string, isSecure: boolean): Readonly<Record<string, string>> {
  return { 'Set-Cookie': `${NAME}=${id}; ${attributes(isSecure)}` };
}

/** The header that makes the browser forget it. */
export function noSessionCookie(isSecure: boolean): Readonly<Record<string, string>> {
  return { 'Set-Cookie': `${NAME}=; Max-Age=0; ${attributes(isSecure)}` };
}

function attributes(isSecure: boolean): string {
  return `Path=/; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`;
}
