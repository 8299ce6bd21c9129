import { Type } from "typebox";
import { MAX_ITEMS, MAX_ORIGIN, MAX_REFERENCES, MAX_TIME } from "./limits.ts";

// The building blocks of all schemas. A `description` completes the sentence "expected …" in a fault's message.

/** An object of exactly these members. */
export function closed<Members extends Type.TProperties>(members: Members): Type.TObject<Members> {
  return Type.Object(members, { additionalProperties: false });
}

export function integer(minimum: number, maximum: number = Number.MAX_SAFE_INTEGER): Type.TInteger {
  return Type.Integer({ minimum, maximum });
}

/** Text of one line: no control characters, which could deceive whoever reads it in a terminal. */
export function line(maxLength: number): Type.TString {
  return Type.String({
    pattern: "^[^\\u0000-\\u001f\\u007f-\\u009f]*$",
    maxLength,
    description: `a line of at most ${maxLength} characters without control characters`,
  });
}

/** Text of any number of lines: of the control characters only tab, line feed and carriage return. */
export function text(maxLength: number): Type.TString {
  return Type.String({
    pattern: "^[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f]*$",
    maxLength,
    description: `text of at most ${maxLength} characters without control characters`,
  });
}

/** 32 bytes in hexadecimal: digests, keys, salts, leaf hashes. */
export const hex64: Type.TString = Type.String({
  pattern: "^[0-9a-f]{64}$",
  description: "64 lower-case hexadecimal digits",
});

/** 32 bytes in base64; the last digit before the padding carries four bits, the other two are zero. */
export const base64Of32: Type.TString = Type.String({
  pattern: "^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$",
  description: "32 bytes in base64",
});

export const partyName: Type.TString = Type.String({
  pattern: "^[a-z0-9-]{1,32}$",
  description: "a party's name: 1 to 32 of a-z, 0-9 and -",
});

/** A log's origin; it is also the name of the log's key, and so holds neither spaces nor a plus. */
export const origin: Type.TString = Type.String({
  pattern: `^[!-*,-~]{1,${MAX_ORIGIN}}$`,
  description: `an origin: 1 to ${MAX_ORIGIN} printable ASCII characters, no space, no plus`,
});

/** Milliseconds since 1970-01-01T00:00:00Z. */
export const time: Type.TInteger = integer(0, MAX_TIME);

export const references: Type.TArray<Type.TString> = Type.Array(hex64, { maxItems: MAX_REFERENCES });

/** A salted Merkle commitment to a list of items. */
export const collection: Type.TObject<{ root: Type.TString; count: Type.TInteger }> = closed({
  root: hex64,
  count: integer(0, MAX_ITEMS),
});

/** Whether no value stands twice in a list. */
export function areDistinct(values: readonly string[]): boolean {
  return values.length < 2 || new Set(values).size === values.length;
}
