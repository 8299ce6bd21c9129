import { closed, integer } from "../forms.ts";
import { type Shape, shape } from "../shape.ts";

/** How probable the author holds what the statement is about, in thousandths. */
export interface ProbabilityContent {
  readonly permille: number;
}

export interface WeighContents {
  readonly "weigh/probability": ProbabilityContent;
}

export const weighShapes: { readonly [Name in keyof WeighContents]: Shape<WeighContents[Name]> } = {
  "weigh/probability": shape<ProbabilityContent>()(closed({ permille: integer(0, 1000) })),
};
