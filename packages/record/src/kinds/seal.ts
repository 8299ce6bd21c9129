import { closed, hex64 } from "../forms.ts";
import { type Shape, shape } from "../shape.ts";

/** Commits to a content that a later statement shows with `unseals` (see `sealCommitment`). */
export interface CommitmentContent {
  readonly commitment: string;
}

export interface SealContents {
  readonly "seal/commitment": CommitmentContent;
}

export const sealShapes: { readonly [Name in keyof SealContents]: Shape<SealContents[Name]> } = {
  "seal/commitment": shape<CommitmentContent>()(closed({ commitment: hex64 })),
};
