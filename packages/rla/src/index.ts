export * from "./cvr.ts";
export { batchName } from "./read/batch-name.ts";
export * from "./read/cards.ts";
export { readDominionCsv } from "./read/dominion/csv.ts";
export { readDominionJson } from "./read/dominion/json.ts";
export type { ReadCode, ReadFault } from "./read/fault.ts";
export { type FileEntry, type FileSet, looseFiles } from "./read/file-set.ts";
export { type InputFile, LIMITS } from "./read/input.ts";
