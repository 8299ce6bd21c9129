import { Type } from "typebox";
import { closed, line, partyName, text } from "../forms.ts";
import { type Shape, shape } from "../shape.ts";

/** What somebody else is reported to have said: hearsay, never that party's own word. */
export interface ReportContent {
  readonly party: string;
  readonly said: string;
  readonly source?: string;
}

export interface AccountContents {
  readonly "account/report": ReportContent;
}

export const accountShapes: { readonly [Name in keyof AccountContents]: Shape<AccountContents[Name]> } = {
  "account/report": shape<ReportContent>()(
    closed({ party: partyName, said: text(20_000), source: Type.Optional(line(500)) }),
  ),
};
