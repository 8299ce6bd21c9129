import type { Json } from "@detente/basics";
import { Type } from "typebox";

/** A leaf hash or a digest, in hex. */
export const hash: Type.TString = Type.String({ pattern: "^[0-9a-f]{64}$" });

/** Whatever is JSON: judged behind the route. */
export const anything: Type.TUnsafe<Json> = Type.Unsafe<Json>(Type.Unknown());

/** Of an object that has no other members than those named. */
export const closed = { additionalProperties: false } as const;

/** A whole number in a query. */
export const count: Type.TOptional<Type.TString> = Type.Optional(Type.String({ pattern: "^[0-9]{1,15}$" }));

/** Rows of a page: 100 where nothing is said, 1000 at most. */
export function pageSize(text: string | undefined): number {
  return Math.min(1000, Math.max(1, Number(text ?? 100)));
}
