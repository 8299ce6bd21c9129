import { ok, type Result } from "@detente/basics";
import { type ReadFault, refuse } from "../fault.ts";
import { type InputFile, LIMITS } from "../input.ts";
import { childrenOf } from "../xml/read-xml.ts";
import type { XmlElement } from "../xml/xml-parser.ts";
import type { CellContext } from "./cell.ts";
import { allElementsOf, elementsOf } from "./parts.ts";
import { richText } from "./rich-text.ts";

/** The first sheet of a workbook that is shown, and what its cells refer to. */
export interface Workbook extends CellContext {
  /** Its part in the archive. */
  readonly sheet: string;
}

const WORKBOOK = "xl/workbook.xml";
const RELATIONS = "xl/_rels/workbook.xml.rels";

/** Reads what a workbook says of its sheets (ECMA-376 part 1, §18.2), its shared strings (§18.4) and styles (§18.8). */
export async function readWorkbook(file: InputFile): Promise<Result<Workbook, ReadFault>> {
  const about = await allElementsOf(file, WORKBOOK, ["sheet", "workbookPr"]);
  if (!about.ok) return about;
  const relations = await allElementsOf(file, RELATIONS, ["Relationship"]);
  if (!relations.ok) return relations;
  const partOf = (is: (attributes: XmlElement["attributes"]) => boolean): string | undefined => {
    const target = relations.value.find(({ attributes }) => is(attributes))?.attributes.get("Target");
    return target === undefined ? undefined : target.startsWith("/") ? target.slice(1) : `xl/${target}`;
  };
  const ofType = (type: string): string | undefined =>
    partOf((attributes) => attributes.get("Type")?.endsWith(`/${type}`) === true);
  const shown = about.value.find(
    ({ name, attributes }) => name === "sheet" && (attributes.get("state") ?? "visible") === "visible",
  );
  const id = shown?.attributes.get("id");
  const sheet = id === undefined ? undefined : partOf((attributes) => attributes.get("Id") === id);
  if (sheet === undefined) {
    return refuse(file.name, 1, "bad-header", "is an archive, and no workbook with a sheet that is shown");
  }
  const strings = await sharedStrings(file, ofType("sharedStrings"));
  if (!strings.ok) return strings;
  const dateStyles = await dateStylesOf(file, ofType("styles"));
  if (!dateStyles.ok) return dateStyles;
  const properties = about.value.find(({ name }) => name === "workbookPr");
  const isFrom1904 = ["1", "true"].includes(properties?.attributes.get("date1904") ?? "");
  return ok({ sheet, strings: strings.value, dateStyles: dateStyles.value, isFrom1904 });
}

async function sharedStrings(file: InputFile, part: string | undefined): Promise<Result<string[], ReadFault>> {
  const strings: string[] = [];
  if (part === undefined) return ok(strings);
  let size = 0;
  for await (const read of elementsOf(file, part, ["si"])) {
    if (!read.ok) return read;
    for (const element of read.value) {
      const text = richText(element);
      size += text.length;
      strings.push(text);
    }
    if (size > LIMITS.sheetStrings) {
      const message = `its strings have more than ${LIMITS.sheetStrings} characters; save it as CSV`;
      return refuse(file.name, 1, "too-large", message);
    }
    if (strings.length > LIMITS.rows) return refuse(file.name, 1, "too-many", `has more than ${LIMITS.rows} strings`);
  }
  return ok(strings);
}

/** Formats of dates and times that no workbook spells out (§18.8.30). */
const BUILT_IN_DATES: ReadonlySet<number> = new Set([14, 15, 16, 17, 18, 19, 20, 21, 22, 45, 46, 47]);

/** The numbers of the cell styles that show a number as a date or a time. */
async function dateStylesOf(
  file: InputFile,
  part: string | undefined,
): Promise<Result<ReadonlySet<number>, ReadFault>> {
  if (part === undefined) return ok(new Set());
  const read = await allElementsOf(file, part, ["numFmt", "cellXfs"]);
  if (!read.ok) return read;
  const formats = new Set(BUILT_IN_DATES);
  for (const { name, attributes } of read.value) {
    if (name === "numFmt" && isDateCode(attributes.get("formatCode") ?? ""))
      formats.add(Number(attributes.get("numFmtId")));
  }
  const styles = childrenOf(
    read.value.find(({ name }) => name === "cellXfs"),
    "xf",
  );
  return ok(
    new Set(styles.flatMap(({ attributes }, i) => (formats.has(Number(attributes.get("numFmtId"))) ? [i] : []))),
  );
}

/** Whether a format's code has a part of a date outside of quoted text, escapes and brackets (§18.8.31). */
function isDateCode(code: string): boolean {
  return /[ymdhs]/i.test(code.replace(/"[^"]*"|\\.|\[[^\]]*\]|General/gi, ""));
}
