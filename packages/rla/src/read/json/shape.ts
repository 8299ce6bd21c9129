/** A member of what should be an object; `undefined` where it is none or has none of that name of its own. */
export function member(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}

/** What should be an array; what is missing is an empty one. */
export function arrayAt(value: unknown, name: string): readonly unknown[] {
  const array = member(value, name);
  return Array.isArray(array) ? (array as unknown[]) : [];
}

/** A number or a text as text: exports write ids as either. */
export function textAt(value: unknown, name: string): string {
  const text = member(value, name);
  return typeof text === "string" ? text.trim() : typeof text === "number" ? String(text) : "";
}

/** A whole number from 0. */
export function countAt(value: unknown, name: string): number | undefined {
  const count = member(value, name);
  return Number.isSafeInteger(count) && (count as number) >= 0 ? (count as number) : undefined;
}
