import { readFileSync } from "node:fs";
import type { Group } from "../group.ts";
import { kernelGroup } from "../kernel/kernel-group.ts";
import { sodiumGroup } from "../sodium-group.ts";

export const sodium: Group = await sodiumGroup();

/** Of the program that the build made. */
export const kernel: Group = kernelGroup(readFileSync(new URL("../../dist/ristretto.wasm", import.meta.url)));

/** Every backend: what holds for one must hold for all. */
export const GROUPS: readonly (readonly [string, Group])[] = [
  ["libsodium", sodium],
  ["kernel", kernel],
];
