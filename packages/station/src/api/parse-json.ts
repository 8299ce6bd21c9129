import { type Bytes, err, type Fault, type Json, ok, type Result, utf8Decode } from "@detente/basics";

/** Reads JSON of a person or tool of the party itself: any form, since nothing of it is signed as it came. */
export function parseJson(bytes: Bytes): Result<Json, Fault<"bad-json">> {
  const text = utf8Decode(bytes);
  if (text === undefined) return err("bad-json", "the body is not UTF-8");
  try {
    return ok(JSON.parse(text) as Json);
  } catch (error) {
    return err("bad-json", `the body is not JSON: ${(error as Error).message}`);
  }
}
