export { type BadElement, ELEMENT_BYTES, type Group, SCALAR_BYTES, UNIFORM_BYTES } from "./group.ts";
export { kernelGroup } from "./kernel/kernel-group.ts";
export * from "./oprf/dleq.ts";
export * from "./oprf/oprf.ts";
export { deriveKey, type Mode } from "./oprf/suite.ts";
export { sodiumGroup } from "./sodium-group.ts";
