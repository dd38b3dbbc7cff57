import { once } from 'node:events';
import { type ClientRequest, get, type IncomingMessage } from 'node:http';

/** Opens so many pages, each of which reads all that it is told. Answers what closes them. */
export async function openPages(port: number, count: number): Promise<() => void> {
  const asking: ClientRequest[] = [];
  for (let page = 0; page < count; page += 1) {
    const request = get({ host: '127.0.0.1', port, path: '/api/live', agent: false });
    asking.push(request);
    const [message] = (await once(request, 'response')) as [IncomingMessage];
    if (message.statusCode !== 200) throw new Error(`page ${page}: status ${message.statusCode}`);
    message.on('error', () => {}).resume();
  }
  return () => {
    for (const request of asking) request.destroy();
  };
}
