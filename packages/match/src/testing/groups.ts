import type { Group } from "../group.ts";
import { sodiumGroup } from "../sodium-group.ts";

/** Every backend: what holds for one must hold for all. */
export const GROUPS: readonly (readonly [string, Group])[] = [["libsodium", await sodiumGroup()]];
