export type { CastVoteRecord, ContestVotes } from "./cvr.ts";
export * from "./draw/card-id.ts";
export * from "./draw/colorado.ts";
export * from "./draw/consistent-sampler.ts";
export * from "./draw/draw-cards.ts";
export * from "./draw/python-str.ts";
