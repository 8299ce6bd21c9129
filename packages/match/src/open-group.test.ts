import { readFileSync } from "node:fs";
import { toHex } from "@detente/basics";
import { expect, it } from "vitest";
import { openGroup } from "./open-group.ts";
import { hex } from "./testing/hex.ts";
import { FROM_UNIFORM } from "./testing/rfc9496.ts";

it.each([
  ["the kernel", readFileSync(new URL("../dist/ristretto.wasm", import.meta.url))],
  ["libsodium, where the kernel's program does not run", new Uint8Array(8)],
])("opens %s", async (_name, wasm) => {
  const group = await openGroup(wasm);
  // RFC 9496, appendix A.3.
  const [uniform, encoding] = FROM_UNIFORM[0] as readonly [string, string];
  expect(toHex(group.fromUniform(hex(uniform)))).toBe(encoding);
});
