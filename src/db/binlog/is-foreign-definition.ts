/**
 * Whether a statement of the binlog defines something of others: DDL, or a GRANT, in another schema, that runs no expression.
 * It changes no row, so what it might hide of our tables is read once, and not again and again (R4).
 */
export function isForeignDefinition(statement: string, schema: string, ownSchema: string): boolean {
  if (schema.toLowerCase() === ownSchema.toLowerCase() || statement.length > LONGEST) return false;
  if (statement.toLowerCase().includes(ownSchema.toLowerCase())) return false;
  if (OF_PRIVILEGES.test(statement)) return true;
  // CREATE TABLE … SELECT may call a function that raises an alarm; a comment of a version may hold anything.
  return DEFINITION.test(statement) && !/\b(SELECT|CALL|EXECUTE|VALUES|WITH)\b|\/\*M?!/i.test(statement);
}

/** Longer ones are not searched. */
const LONGEST = 10_000;
const OF_PRIVILEGES = /^\s*(GRANT|REVOKE)\b/i;
const DEFINITION = /^\s*(ALTER|CREATE|DROP|RENAME|TRUNCATE|ANALYZE|OPTIMIZE|REPAIR|FLUSH)\s/i;
