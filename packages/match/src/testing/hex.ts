import { type Bytes, concatBytes, fromHex, present } from "@detente/basics";

export function hex(...texts: readonly string[]): Bytes {
  return concatBytes(...texts.map((text) => present(fromHex(text), "hexadecimal")));
}
