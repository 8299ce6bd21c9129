const DECIMAL = /^(?:0|[1-9][0-9]{0,15})$/;

/**
 * Reads an ASCII decimal without sign or leading zeros, as C2SP writes sizes and indexes;
 * `undefined` for anything else and for what a JavaScript number cannot hold exactly (above 2^53 - 1).
 */
export function parseDecimal(text: string): number | undefined {
  if (!DECIMAL.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}
