import { type Json, ok, type Result } from "@detente/basics";
import { type AccountContents, accountShapes } from "./kinds/account.ts";
import { type AuditContents, auditShapes } from "./kinds/audit.ts";
import { type ContestContents, contestShapes } from "./kinds/contest.ts";
import { type ExhibitContents, exhibitShapes } from "./kinds/exhibit.ts";
import { type ObserveContents, observeShapes } from "./kinds/observe.ts";
import { type OpenContents, openShapes } from "./kinds/open.ts";
import { type PositionContents, positionShapes } from "./kinds/position.ts";
import { type SealContents, sealShapes } from "./kinds/seal.ts";
import { type WeighContents, weighShapes } from "./kinds/weigh.ts";
import type { Shape, ShapeFault } from "./shape.ts";
import type { StatementType } from "./vocabulary.ts";

/** The content of every kind that is known here, by `type/kind`. */
export interface Contents
  extends
    OpenContents,
    ExhibitContents,
    WeighContents,
    PositionContents,
    AccountContents,
    ObserveContents,
    SealContents,
    ContestContents,
    AuditContents {}

/** `type/kind` of a known kind. */
export type ContentName = keyof Contents;

/**
 * What a statement says: switch on `name`. A kind that is not known here (a newer station's) comes through as
 * `unknown`, its content uninterpreted.
 */
export type Said =
  | { readonly [Name in ContentName]: { readonly name: Name; readonly content: Contents[Name] } }[ContentName]
  | { readonly name: "unknown"; readonly content: Json };

const SHAPES: { readonly [Name in ContentName]: Shape<Contents[Name]> } = {
  ...openShapes,
  ...exhibitShapes,
  ...weighShapes,
  ...positionShapes,
  ...accountShapes,
  ...observeShapes,
  ...sealShapes,
  ...contestShapes,
  ...auditShapes,
};

export const CONTENT_NAMES: readonly ContentName[] = Object.keys(SHAPES) as ContentName[];

const SHAPE_OF: ReadonlyMap<string, Shape<unknown>> = new Map(Object.entries(SHAPES));

/** Whether a value is a content of a known kind. */
export function isContent(name: ContentName, value: unknown): boolean {
  return SHAPES[name].check(value, "body.content").ok;
}

/** Checks a content against the schema and the rules of its kind. */
export function checkContent(type: StatementType, kind: string, content: Json): Result<Said, ShapeFault> {
  const name = `${type}/${kind}`;
  const known = SHAPE_OF.get(name);
  if (known === undefined) return ok({ name: "unknown", content });
  const checked = known.check(content, "body.content");
  return checked.ok ? ok({ name, content: checked.value } as Said) : checked;
}
