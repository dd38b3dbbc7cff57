/** An identifier quoted for a statement, whatever its characters are. */
export function quoteIdentifier(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

/** A value as text. A column of an older table may be VARBINARY or BLOB, which arrives as bytes. */
export function toText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return Buffer.isBuffer(value) ? value.toString('utf8') : String(value);
}
