import { readFileSync } from "node:fs";
import type { Group } from "../group.ts";
import { kernelGroup } from "../kernel/kernel-group.ts";
import { sodiumGroup } from "../sodium-group.ts";

export const sodium: Group = await sodiumGroup();

/** Of the program that the build made, as it is at first: without any multiples. */
export function newKernel(): Group {
  return kernelGroup(readFileSync(new URL("../../dist/ristretto.wasm", import.meta.url)));
}

export const kernel: Group = newKernel();

/** Every backend: what holds for one must hold for all. */
export const GROUPS: readonly (readonly [string, Group])[] = [
  ["libsodium", sodium],
  ["kernel", kernel],
];
