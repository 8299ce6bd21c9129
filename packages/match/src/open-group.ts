import type { Group } from "./group.ts";
import { kernelGroup } from "./kernel/kernel-group.ts";
import { sodiumGroup } from "./sodium-group.ts";

/**
 * The group to work with: the kernel, which is the faster one, wherever its program runs; libsodium where the engine has no
 * vectors of 128 bits. The tests hold the two equal.
 * @param wasm the bytes of `@detente/match/ristretto.wasm`
 */
export async function openGroup(wasm: Uint8Array): Promise<Group> {
  try {
    return kernelGroup(wasm);
  } catch {
    return sodiumGroup();
  }
}
