import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Group, openGroup } from "@detente/match";

/** The group for one thread: the kernel has a memory of its own in each. */
export function threadGroup(): Promise<Group> {
  return openGroup(readFileSync(fileURLToPath(import.meta.resolve("@detente/match/ristretto.wasm"))));
}
