import { describe, expect, it } from 'vitest';
import { maskCommand } from '../../../../src/telemetry/log/mask-command.js';

describe('R24: the text of a command in the log', () => {
  it.each([
    ['PGPASSWORD=zebra psql -c "select 1"', 'PGPASSWORD=*** psql -c "select 1"'],
    ['mysqladmin -u root -pzebra ping', 'mysqladmin -u root -p*** ping'],
    ['mysqladmin --password=zebra ping', 'mysqladmin --password=*** ping'],
    ["mysqladmin --password='ze bra' ping", 'mysqladmin --password=*** ping'],
    ['curl -u monitor:zebra http://localhost/health', 'curl -u monitor:*** http://localhost/health'],
    ['curl -sf https://monitor:zebra@host/health', 'curl -sf https://monitor:***@host/health'],
    ['curl -H "Authorization: Bearer zebra" http://host', 'curl -H "Authorization: Bearer ***" http://host'],
    ['curl -H "X-Api-Key: zebra" http://host', 'curl -H "X-Api-Key: ***" http://host'],
    ['TOKEN=zebra; export TOKEN; run', 'TOKEN=***; export TOKEN; run'],
  ])('%s', (text, masked) => {
    expect(maskCommand(text)).toBe(masked);
  });

  it.each([
    ['a word', `${'pass'.repeat(250_000)} "`],
    ['words', 'mysql '.repeat(150_000)],
    ['addresses', '://a:'.repeat(200_000)],
    ['options', ' -u '.repeat(250_000)],
    ['spaces', ` -u${' '.repeat(1_000_000)}`],
  ])('is shown although any user may run a program with a megabyte of arguments: %s', (_, text) => {
    expect(maskCommand(text)).toHaveLength(text.length);
  });

  it.each([
    'pgrep -f "/opt/app --queue %s"',
    'systemctl is-active httpd',
    'curl -sf http://localhost:80/ >/dev/null',
  ])('is as it is where it holds none: %s', (text) => expect(maskCommand(text)).toBe(text));
});
