/** Small checks of what comes from the queue. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A whole number from 0. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** A time in milliseconds since the epoch, where there is one. */
export function isTime(value: unknown): value is number | null {
  return value === null || Number.isFinite(value);
}

export function isText(value: unknown, maximum: number): value is string {
  return typeof value === "string" && value.length <= maximum;
}

/** A SHA-256 in hexadecimal. */
export function isDigest(value: unknown): value is string {
  return typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
}

export function isIn<T>(values: readonly T[], value: unknown): value is T {
  return values.includes(value as T);
}

/** Whether a value is the name of one of the members. */
export function isNamed(members: object, value: unknown): boolean {
  return typeof value === "string" && Object.hasOwn(members, value);
}
