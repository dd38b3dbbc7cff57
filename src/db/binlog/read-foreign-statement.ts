import type { ForeignStatement } from '../../domain/alarm/binlog-signal.js';

/**
 * What a statement of the binlog is that names no table of ours, if it belongs to others. A definition (DDL, or a GRANT, in
 * another schema, that runs no expression) changes no row, so what it might hide of our tables is read once, and not again
 * and again (R4). Undefined for a commit of XA, whose rows came before and may be ours, and for what names our schema.
 */
export function readForeignStatement(
  statement: string,
  schema: string,
  ownSchema: string,
): ForeignStatement | undefined {
  if (schema.toLowerCase() === ownSchema.toLowerCase() || statement.length > MAX_LENGTH) return undefined;
  if (statement.toLowerCase().includes(ownSchema.toLowerCase()) || /\bXA\b/i.test(statement))
    return undefined;
  if (OF_PRIVILEGES.test(statement)) return 'definition';
  // CREATE TABLE … SELECT may call a function that raises an alarm; a comment of a version may hold anything.
  const runsExpression = /\b(SELECT|CALL|EXECUTE|VALUES|WITH)\b|\/\*M?!/i.test(statement);
  return DEFINITION.test(statement) && !runsExpression ? 'definition' : 'statement';
}

/** Longer ones are not searched. */
const MAX_LENGTH = 10_000;
const OF_PRIVILEGES = /^\s*(GRANT|REVOKE)\b/i;
const DEFINITION = /^\s*(ALTER|CREATE|DROP|RENAME|TRUNCATE|ANALYZE|OPTIMIZE|REPAIR|FLUSH)\s/i;
