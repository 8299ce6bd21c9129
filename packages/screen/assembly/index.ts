export { find4, find6 } from "./addresses";
export { areaSize, candidates, useArea } from "./area";
export { addEntries, beginImage, finish } from "./build";
export { addToChecksum, beginChecksum, checksum } from "./checksum";
export { findToken } from "./digests";
export * from "./layout";
export { candidateCount, firstInvalid, invalidLines, isLong, lines, scan, scannedTo } from "./lines";
export { key, open } from "./state";
export { find } from "./table";
