import type { ProcessSet, StatementEffect } from '../../domain/alarm/statement-effect.js';

/** A statement of somebody who wants to block the event loop is not parsed, and neither is a list of thousands of rows. */
const MAX_PARSED_LENGTH = 16_384;

/**
 * Which alarms a statement of a STATEMENT or MIXED binlog may have lowered or raised. Its text shows only what it may have
 * done, so the table is read in any case (R4).
 */
export function readAlarmStatement(statement: string): StatementEffect {
  if (statement.length > MAX_PARSED_LENGTH) return { lowers: 'any', raises: 'any' };
  const text = simplify(statement);
  const [, set = '', where] = /^\s*update\b.*?\bset\b(.*?)(?:\bwhere\b(.*))?$/s.exec(text) ?? [];
  if (/^\s*update\b/.test(text)) return effectOf(assignedValues(set), processesOf(where));
  if (/^\s*delete\b/.test(text)) {
    return { lowers: processesOf(/\bwhere\b(.*)$/s.exec(text)?.[1]), raises: [] };
  }
  if (/^\s*replace\b/.test(text)) {
    const { lowers, raises } = insertedRows(text);
    return { lowers, raises };
  }
  if (/^\s*insert\b/.test(text)) {
    const inserted = insertedRows(text);
    const { raises } = inserted;
    const [, update] = /\bon duplicate key update\b(.*)$/s.exec(text) ?? [];
    return update === undefined
      ? { lowers: [], raises }
      : { ...effectOf(assignedValues(update), inserted.processes), raises };
  }
  return /\balarma\b/.test(text) ? { lowers: 'any', raises: 'any' } : { lowers: [], raises: [] };
}

function effectOf(values: readonly string[], processes: ProcessSet): StatementEffect {
  const isOne = (value: string): boolean => value === '1';
  const isZero = (value: string): boolean => value === '0';
  return {
    lowers: values.some((value) => !isOne(value)) ? processes : [],
    raises: values.some((value) => !isZero(value)) ? processes : [],
  };
}

/** What `alarma` is set to, as text. */
function assignedValues(assignments: string): readonly string[] {
  return [...assignments.matchAll(/\balarma\s*=\s*([^,]+)/g)].map(([, value = '']) => value.trim());
}

/** The processes to which a condition limits the statement, if it is a plain one. */
function processesOf(where: string | undefined): ProcessSet {
  if (where === undefined || NO_PLAIN_CONDITION.test(where)) return 'any';
  const [, one, list] = PLAIN_CONDITION.exec(where) ?? [];
  if (one !== undefined) return [Number(one)];
  return list === undefined ? 'any' : list.split(',').map(Number);
}

/** Also what follows a bracket, other than the next condition: it may turn the condition round. */
const NO_PLAIN_CONDITION =
  /\b(or|xor|not|select|case|if|is|isnull)\b|\|\||!|<>|\)\s*(?!and\b|order\b|limit\b|[);])\S/;
/** A whole condition on numbers: not `0x05`, `5+1`, `5 - process_id = 5` or `process_id = 5 = 0`. */
const PLAIN_CONDITION =
  /(?:^|\band\b)[\s(]*(?:\w+\.){0,2}process_id\s*(?:=\s*(-?\d+)|in\s*\(\s*(-?\d+(?:\s*,\s*-?\d+)*)\s*\))\s*(?:$|[;)]|\b(?:and|order|limit)\b)/;

interface InsertedRows extends StatementEffect {
  readonly processes: ProcessSet;
}

/** What the rows of an INSERT or REPLACE say, if its columns are named and its values are plain. */
function insertedRows(text: string): InsertedRows {
  const [, names = '', values = ''] =
    // No condition within the list of columns: that would take quadratic time on a hostile statement.
    /\(([^()]*)\)\s*values?\s*(\(.*?)(?:\bon duplicate\b.*)?$/s.exec(text) ?? [];
  const columns = names.split(',').map((name) => name.trim());
  const [id, alarma] = [columns.indexOf('process_id'), columns.indexOf('alarma')];
  const rows = [...values.matchAll(/\(([^()]*)\)/g)].map(([, row = '']) =>
    row.split(',').map((value) => value.trim()),
  );
  if (rows.length === 0 || !rows.every((row) => /^-?\d+$/.test(row[id] ?? '')))
    return { processes: 'any', lowers: 'any', raises: 'any' };
  const idsOf = (isWanted: (value: string) => boolean): number[] =>
    rows.filter((row) => isWanted(row[alarma] ?? '')).map((row) => Number(row[id]));
  return {
    processes: idsOf(() => true),
    lowers: idsOf((value) => value !== '1'),
    raises: idsOf((value) => value !== '0'),
  };
}

/** Lower case, without comments, quotes of names, and texts; a number in quotes is a number. */
function simplify(statement: string): string {
  return statement
    .replace(TOKEN, (token, single: string | undefined, double: string | undefined) => {
      const text = single ?? double;
      if (text === undefined) return token.startsWith('`') ? token.slice(1, -1) : ' ';
      return /^-?\d+$/.test(text) || /^[a-z_]\w*$/i.test(text) ? text : "''";
    })
    .toLowerCase();
}

/** A text in single or double quotes (which may also be a name), a name, or a comment. */
const TOKEN =
  /'((?:[^'\\]|\\.|'')*)'|"((?:[^"\\]|\\.|"")*)"|`[^`]*`|\/\*(?!M?!)[\s\S]*?\*\/|\/\*M?!\d*|\*\/|--\s[^\n]*|#[^\n]*/g;
