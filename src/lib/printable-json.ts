/**
 * JSON in which no character can move a cursor, colour a terminal or change the direction of text: control and format
 * characters and line separators are written as `\u009b`. It means the same, and a terminal shows it as it is.
 *
 * @param space indentation, as `JSON.stringify` takes it
 */
export function toPrintableJson(value: unknown, space?: number): string {
  // Characters below U+0020 are escaped already, except the line feeds of the indentation.
  return JSON.stringify(value, null, space).replace(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, escapeUnits);
}

/** A character beyond U+FFFF takes two units. */
function escapeUnits(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
