import type { IncomingMessage } from 'node:http';
import { PageClient } from '../../test/support/web/page-client.js';
import { PASSWORD } from '../../test/support/web/web-scene.js';

/**
 * Opens so many pages of a user, each of which reads all that it is told: without a login not so many are let in, and they are
 * told less. Answers what closes them.
 */
export async function openPages(port: number, count: number): Promise<() => void> {
  const anna = new PageClient(port);
  const answer = await anna.logIn('anna', PASSWORD);
  if (answer.status !== 200) throw new Error(`the login: status ${answer.status}`);
  const open: IncomingMessage[] = [];
  for (let page = 0; page < count; page += 1) {
    const message = await anna.open('/api/live');
    if (message.statusCode !== 200) throw new Error(`page ${page}: status ${message.statusCode}`);
    open.push(message.on('error', () => {}).resume());
  }
  return () => {
    for (const message of open) message.destroy();
  };
}
