export type { FileRange, LogSource } from "./log-source.ts";
