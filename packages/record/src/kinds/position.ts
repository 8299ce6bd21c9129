import { Type } from "typebox";
import { closed, hex64, line, text } from "../forms.ts";
import { type Shape, shape } from "../shape.ts";

/** Where the author stands on a thing, or on a clause of it. */
export interface PositionContent {
  readonly text?: string;
  readonly clause?: string;
  /** The digest of the exact document, where the position is on one, such as a charter. */
  readonly digest?: string;
}

export interface PositionContents {
  readonly "position/assert": PositionContent;
  readonly "position/accept": PositionContent;
  readonly "position/deny": PositionContent;
  readonly "position/abstain": PositionContent;
  readonly "position/recuse": PositionContent;
  readonly "position/suspend": PositionContent;
  readonly "position/withdraw": PositionContent;
}

const position: Shape<PositionContent> = shape<PositionContent>()(
  closed({
    text: Type.Optional(text(20_000)),
    clause: Type.Optional(line(100)),
    digest: Type.Optional(hex64),
  }),
);

export const positionShapes: { readonly [Name in keyof PositionContents]: Shape<PositionContents[Name]> } = {
  "position/assert": position,
  "position/accept": position,
  "position/deny": position,
  "position/abstain": position,
  "position/recuse": position,
  "position/suspend": position,
  "position/withdraw": position,
};
