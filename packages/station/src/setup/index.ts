/** The data directory, for whoever works on it without a station: an entry of its own, since that takes far less. */
export { loadCharter as readAdoptedCharter, storeCharter as adoptCharter } from "./charter-file.ts";
export { loadConfig, parseConfig, saveConfig, type StationConfig } from "./config.ts";
export { type InitFault, type InitOptions, initStation } from "./init.ts";
export { loadKeys } from "./keys.ts";
export { partyFile, publicKeyText } from "./party.ts";
