export * from "./assert.ts";
export * from "./bytes.ts";
export * from "./canonical-json.ts";
export { plainValueEnd } from "./canonical-scan.ts";
export * from "./collect.ts";
export * from "./crypto.ts";
export * from "./encoding.ts";
export * from "./hash-index.ts";
export * from "./result.ts";
