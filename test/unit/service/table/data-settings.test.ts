import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { dataSettings } from '../../../../src/service/table/live-database.js';
import { DEFAULT_CONFIG } from '../../../support/default-config.js';

it('R22: a reload connects anew where ssl_ca has other certificates under the same path', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ca-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const sslCa = join(folder, 'ca.pem');
  const read = () =>
    dataSettings({ ...DEFAULT_CONFIG, database: { ...DEFAULT_CONFIG.database, sslMode: 'required', sslCa } });
  writeFileSync(sslCa, 'the old ones');
  const before = read();
  expect(read()).toEqual(before);
  writeFileSync(sslCa, 'the new ones');
  expect(read()).not.toEqual(before);
  rmSync(sslCa);
  expect(read()).not.toEqual(before);
});
