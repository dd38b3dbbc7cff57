import { DatabaseError } from '../connection/database-error.js';

/**
 * Refuses columns of a type whose values would be ambiguous.
 *
 * @throws DatabaseError (terminal) with the ALTER TABLE that repairs the column.
 */
export function refuseColumnTypes(
  columns: readonly TypedColumn[],
  wanted: Readonly<Record<string, ColumnTypes>>,
): void {
  for (const { tableName, name, type, fullType } of columns) {
    const needed = wanted[name.toLowerCase()];
    if (!needed || (needed.types.has(type.toLowerCase()) && !needed.not?.test(fullType))) continue;
    throw new DatabaseError(`${tableName}: ${name} is ${fullType}, allowed: ${needed.allowed}`, {
      retryable: false,
      remedy: `ALTER TABLE ${tableName} MODIFY ${name} ${needed.remedy}; docs/tables.md lists the types that work`,
    });
  }
}

interface TypedColumn {
  readonly tableName: string;
  readonly name: string;
  readonly type: string;
  readonly fullType: string;
}

interface ColumnTypes {
  readonly types: ReadonlySet<string>;
  /** Full types that are refused although `types` has them. */
  readonly not?: RegExp;
  /** The allowed types, in words. */
  readonly allowed: string;
  readonly remedy: string;
}

const WHOLE = ['tinyint', 'smallint', 'mediumint', 'int', 'bigint'] as const;
export const WHOLE_NUMBERS: ColumnTypes = {
  types: new Set(WHOLE),
  allowed: 'an integer',
  remedy: 'INT NOT NULL',
};
/**
 * Not ENUM or SET: they compare by the index of their member. '0' has index 1, so every process without an alarm
 * would be restarted. Not a wider BIT: in the binlog 49 in a BIT(8) is the character '1'.
 */
export const FLAGS: ColumnTypes = {
  types: new Set([...WHOLE, 'decimal', 'float', 'double', 'bit', 'char', 'varchar', 'binary', 'varbinary']),
  not: /^bit\((?!1\))/i,
  allowed: 'a number, BIT(1) or CHAR(1)',
  remedy: 'TINYINT NOT NULL DEFAULT 0',
};
export const TEXTS: ColumnTypes = {
  types: new Set(['', 'tiny', 'medium', 'long'].flatMap((size) => [`${size}text`, `${size}blob`]))
    .add('char')
    .add('varchar')
    .add('binary')
    .add('varbinary'),
  allowed: 'text',
  remedy: 'VARCHAR(100)',
};
