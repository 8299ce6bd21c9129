import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { SieveModule } from "@detente/screen";

let loaded: SieveModule | undefined;

/** The sieve's program, as the build made it. Throws where there was no build. */
export function loadSieve(): SieveModule {
  const path = createRequire(import.meta.url).resolve("@detente/screen/sieve.wasm");
  return (loaded ??= new SieveModule(readFileSync(path)));
}
