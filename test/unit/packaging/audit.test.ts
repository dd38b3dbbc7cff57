import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');
const ADVICE = {
  ...{ id: 1, url: 'https://example.org/1', title: 'It is bad', severity: 'high' },
  ...{ vulnerable_versions: '*', cwe: [], cvss: { score: 0, vectorString: null } },
};

/** npm itself, and a registry that knows what it is told here. */
describe('npm run audit', () => {
  let registry: Server | undefined;

  afterEach(() => {
    registry?.close();
    registry = undefined;
  });

  async function serve(status: number, advisories: unknown): Promise<string> {
    const server = createServer(({ url = '' }, response) => {
      if (!url.endsWith('/advisories/bulk')) response.writeHead(404).end('{}');
      else response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(advisories));
    });
    registry = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  }

  function audit(address: string): Promise<{ code: unknown; output: string }> {
    const env = {
      ...process.env,
      ...{ npm_config_registry: address, npm_config_fetch_retries: '0', npm_config_noproxy: '127.0.0.1' },
    };
    const program = join(ROOT, 'packaging/audit.mjs');
    return new Promise((resolve) => {
      execFile(process.execPath, [program], { cwd: ROOT, env }, (error, stdout, stderr) => {
        resolve({ code: error?.code ?? 0, output: stdout + stderr });
      });
    });
  }

  it('says how many packages were looked at where none is vulnerable', async () => {
    expect(await audit(await serve(200, {}))).toEqual({
      code: 0,
      output: expect.stringMatching(/^audit: \d+ packages that are shipped, 0 vulnerabilities\n$/),
    });
  });

  it('fails and names what is vulnerable', async () => {
    const { code, output } = await audit(await serve(200, { mysql2: [ADVICE] }));
    expect(code).toBe(1);
    expect(output).toMatch(/^audit: mysql2 .*: high, It is bad \(https:\/\/example\.org\/1\)/m);
  });

  it('leaves out what is not shipped', async () => {
    expect(await audit(await serve(200, { typescript: [ADVICE] }))).toMatchObject({ code: 0 });
  });

  it('says so where the registry does not audit, or none answers, and is no failure', async () => {
    const refusing = await serve(405, {});
    expect(await audit(refusing)).toEqual({
      code: 0,
      output: expect.stringMatching(/^audit: NOT DONE, the registry gives no answer: 405 /),
    });
    expect(await audit('http://127.0.0.1:1/')).toEqual({
      code: 0,
      output: expect.stringMatching(/^audit: NOT DONE, .* ECONNREFUSED/),
    });
  });
});
