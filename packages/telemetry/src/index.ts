export type { FileRange, LogSource } from "./log-source.ts";
export { createEngine, type Engine, type EngineOptions } from "./engine/engine.ts";
export { loadSieve } from "./engine/load-sieve.ts";
export { loadImage, saveImage } from "./engine/image-file.ts";
