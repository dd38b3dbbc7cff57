import { READ_ONLY_REMEDY } from '../../domain/server-remedies.js';
import { isOn, type ServerSettings } from '../connection/server-settings.js';
import type { Diagnosis } from './diagnosis.js';

/**
 * What is wrong with the server's settings. `binlog_row_metadata` is left out on purpose: nearly every server has its
 * default, and the service restarts its stream after each DDL of its tables.
 */
export function diagnoseSettings(settings: ServerSettings): Diagnosis[] {
  const found: Diagnosis[] = [];
  if (!isOn(settings, 'log_bin')) found.push(binlogOff(settings));
  else {
    if (settings.global.get('server_id') === '0') found.push(NO_SERVER_ID);
    found.push(...diagnoseRows(settings));
  }
  if (isOn(settings, 'read_only') || isOn(settings, 'innodb_read_only')) found.push(READ_ONLY);
  return found;
}

const NO_SERVER_ID: Diagnosis = {
  severity: 'fatal-for-stream',
  message: 'the server has server_id = 0 and therefore does not send its binlog',
  remedy: 'type SET GLOBAL server_id = 1, and put server_id = 1 into its configuration file',
};

const READ_ONLY: Diagnosis = {
  severity: 'warning',
  message: 'the server is read-only: alarms cannot be cleared there',
  remedy: READ_ONLY_REMEDY,
  isAboutWriting: true,
};

function binlogOff({ flavour }: ServerSettings): Diagnosis {
  const section = flavour === 'mariadb' ? '[mariadb]' : '[mysqld]';
  return {
    severity: 'fatal-for-stream',
    message: 'the binlog is off (log_bin = OFF)',
    remedy: `put log_bin = binlog, server_id = 1 and binlog_format = ROW into ${section} of the server's configuration, and restart it`,
  };
}

function diagnoseRows({ global }: ServerSettings): Diagnosis[] {
  const found: Diagnosis[] = [];
  const warn = (name: string, value: string, effect: string, wanted: string): void => {
    const remedy = `type SET GLOBAL ${name} = ${wanted}, and put it into the server's configuration`;
    found.push({ severity: 'warning', message: `${name} is ${value}: ${effect}`, remedy });
  };
  // A server without this setting knows only ROW.
  const format = global.get('binlog_format') ?? 'ROW';
  if (format !== 'ROW') {
    warn(
      'binlog_format',
      format,
      'many changes arrive without their rows, so the table is read after each',
      "'ROW'",
    );
  }
  const image = global.get('binlog_row_image') ?? 'FULL';
  if (image !== 'FULL' && image !== 'NOBLOB') {
    warn(
      'binlog_row_image',
      image,
      'changes arrive without all columns, so the table is read instead',
      "'FULL'",
    );
  }
  if ((global.get('binlog_transaction_compression') ?? 'OFF') === 'ON') {
    const effect = 'changes arrive compressed, so the table is read after each';
    warn('binlog_transaction_compression', 'ON', effect, 'OFF');
  }
  return found;
}
