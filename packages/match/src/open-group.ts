import { BySizeGroup } from "./by-size-group.ts";
import type { Group } from "./group.ts";
import { kernelGroup } from "./kernel/kernel-group.ts";
import { sodiumGroup } from "./sodium-group.ts";

/**
 * The group to work with: the kernel, which is the faster one, for three elements and more, wherever its program runs;
 * libsodium for fewer, and where the engine has no vectors of 128 bits. The tests hold the two equal.
 * @param wasm the bytes of `@detente/match/ristretto.wasm`
 */
export async function openGroup(wasm: Uint8Array): Promise<Group> {
  const sodium = await sodiumGroup();
  try {
    return new BySizeGroup(sodium, kernelGroup(wasm));
  } catch {
    return sodium;
  }
}
