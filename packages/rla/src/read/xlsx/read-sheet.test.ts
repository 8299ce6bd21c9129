import { unwrap } from "@detente/basics";
import { describe, expect, it } from "vitest";
import { fileOf } from "../../testing/files.ts";
import { zipOf } from "../../testing/zip.ts";
import { csvRows } from "../csv/headed-rows.ts";
import { readManifest } from "../manifest.ts";

const NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
const TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

interface Parts {
  readonly rows: string;
  readonly strings?: string;
  readonly styles?: string;
  readonly workbook?: string;
}

/** A workbook of ECMA-376 with the parts that a sheet needs, its second sheet named before the first. */
function workbook({ rows, strings = "", styles = "", workbook: properties = "" }: Parts): Record<string, string> {
  const sheets =
    '<sheet name="notes" sheetId="1" state="hidden" r:id="rId9"/><sheet name="cards" sheetId="2" state="visible" r:id="rId1"/>';
  return {
    "[Content_Types].xml": "<Types/>",
    "xl/workbook.xml": `<workbook ${NS} xmlns:r="${TYPE}">${properties}<sheets>${sheets}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `<Relationships>
      <Relationship Id="rId9" Type="${TYPE}/worksheet" Target="worksheets/sheet1.xml"/>
      <Relationship Id="rId1" Type="${TYPE}/worksheet" Target="/xl/worksheets/sheet2.xml"/>
      <Relationship Id="rId2" Type="${TYPE}/sharedStrings" Target="sharedStrings.xml"/>
      <Relationship Id="rId3" Type="${TYPE}/styles" Target="styles.xml"/></Relationships>`,
    "xl/worksheets/sheet1.xml": `<worksheet ${NS}><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData></worksheet>`,
    "xl/worksheets/sheet2.xml": `<worksheet ${NS}><sheetData>${rows}</sheetData></worksheet>`,
    "xl/sharedStrings.xml": `<sst ${NS}>${strings}</sst>`,
    "xl/styles.xml": `<styleSheet ${NS}>${styles}</styleSheet>`,
  };
}

async function rowsIn(parts: Parts): Promise<unknown> {
  const read = await csvRows(fileOf(zipOf(workbook(parts), true), "list.xlsx", 100));
  return read.ok ? read.value.map(({ line, cells }) => [line, ...cells]) : read.fault.message;
}

describe("a workbook (ECMA-376 part 1)", () => {
  it("is read as its first sheet that is shown, each row on the line of its number", async () => {
    const rows = '<row r="2"><c r="A2"><v>1</v></c><c r="C2"><v>3</v></c></row><row r="5"><c r="B5"><v>7</v></c></row>';
    await expect(rowsIn({ rows })).resolves.toEqual([
      [2, "1", "", "3"],
      [5, "", "7"],
    ]);
  });

  it("has shared strings and inline ones, plain or in runs, with blanks that count and characters that XML lacks", async () => {
    const strings =
      '<si><t>County, "old"</t></si><si><r><t xml:space="preserve">Yes </t></r><r><t>on 1</t></r><rPh sb="0" eb="1"><t>x</t></rPh></si>' +
      "<si><t>a_x000D_\nb</t></si>";
    const rows =
      '<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>2</v></c>' +
      '<c t="inlineStr"><is><t>R&amp;D</t></is></c><c t="str"><f>A1</f><v>sum</v></c><c t="b"><v>1</v></c></row>';
    await expect(rowsIn({ rows, strings })).resolves.toEqual([
      [1, 'County, "old"', "Yes on 1", "a b", "R&D", "sum", "TRUE"],
    ]);
  });

  it("has numbers in full", async () => {
    const numbers = ["0", "-7", "123456789012345", "1.5E3", "0.10000000000000001"];
    const rows = `<row>${numbers.map((number) => `<c><v>${number}</v></c>`).join("")}</row>`;
    await expect(rowsIn({ rows })).resolves.toEqual([[1, "0", "-7", "123456789012345", "1500", "0.1"]]);
  });

  /** Serials and dates of §18.17.4.1 and §18.17.4.3, 61 and 1462 among the days that Excel's calendars share. */
  it.each([
    ["", "43777", "2019-11-08"],
    ["", "1", "1900-01-01"],
    ["", "59", "1900-02-28"],
    ["", "61", "1900-03-01"],
    ["", "1462", "1904-01-01"],
    ["", "43777.75", "2019-11-08 18:00:00"],
    ["", "0.5", "12:00:00"],
    ['<workbookPr date1904="1"/>', "0", "00:00:00"],
    ['<workbookPr date1904="true"/>', "42315", "2019-11-08"],
    ["", "2958465", "9999-12-31"],
    ["", "2958466", "2958466"],
    ["", "-1", "-1"],
  ])("has dates (%s, %s)", async (properties, serial, date) => {
    const styles =
      '<numFmts><numFmt numFmtId="164" formatCode="yyyy\\-mm"/><numFmt numFmtId="165" formatCode="0.0&quot; days&quot;"/></numFmts>' +
      '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs>';
    const rows = `<row>${[0, 1, 2, 3].map((style) => `<c s="${style}"><v>${serial}</v></c>`).join("")}</row>`;
    await expect(rowsIn({ rows, styles, workbook: properties })).resolves.toEqual([[1, serial, date, date, serial]]);
  });

  it("is refused where its strings, or what it says of itself, grow to more than any has", async () => {
    const refusal = async (parts: Parts): Promise<unknown> => {
      const read = await csvRows(fileOf(zipOf(workbook(parts), true), "list.xlsx", 1 << 20));
      return read.ok ? read.value.length : read.fault;
    };
    const rows = '<row><c t="s"><v>0</v></c></row>';
    const megabyte = "A".repeat(1 << 20);
    await expect(refusal({ rows, strings: `<si><t>${megabyte}</t></si>`.repeat(33) })).resolves.toMatchObject({
      code: "too-large",
      message: "list.xlsx:1: its strings have more than 33554432 characters; save it as CSV",
    });
    const styles = `<numFmts><numFmt numFmtId="164" formatCode="${megabyte}"/></numFmts>`.repeat(17);
    await expect(refusal({ rows, styles })).resolves.toMatchObject({
      code: "too-large",
      message: "list.xlsx:1: xl/styles.xml has more than 16777216 bytes; save it as CSV",
    });
  });

  it("feeds what reads tables", async () => {
    const cells = (texts: readonly string[]): string =>
      `<row>${texts.map((text) => `<c t="inlineStr"><is><t>${text}</t></is></c>`).join("")}</row>`;
    const rows =
      cells(["Tabulator", "Batch Name", "Number of Ballots"]) +
      "<row><c><v>7</v></c><c><v>1</v></c><c><v>500</v></c></row>";
    const manifest = unwrap(await readManifest(fileOf(zipOf(workbook({ rows }), false))));
    expect(manifest).toMatchObject({ cards: 500, batches: [{ batch: "7/1", cards: 500 }] });
  });

  it.each([
    ["a row that goes back", '<row r="2"/><row r="2"/>', "is followed by a row that does not belong there"],
    ["a row beyond the last", '<row r="1048577"/>', "is followed by a row that does not belong there"],
    ["a cell that goes back", '<row><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>', "belongs nowhere"],
    ["a cell beyond the last column", '<row><c r="ZZZ1"><v>1</v></c></row>', "belongs nowhere"],
    ["a string that is not there", '<row><c t="s"><v>3</v></c></row>', "refers to no string"],
    ["an element that ends nowhere", "<row><c>", "no XML"],
  ])("is refused with %s", async (_what, rows, message) => {
    await expect(rowsIn({ rows })).resolves.toContain(message);
  });

  it("is refused where a small file grows too large: a long string named ten thousand times", async () => {
    const strings = `<si><t>${"x".repeat(32_767)}</t></si>`;
    const rows = `<row>${'<c t="s"><v>0</v></c>'.repeat(10_000)}</row>`;
    await expect(rowsIn({ rows, strings })).resolves.toContain("save it as CSV");
  });

  it("is refused where it is another archive, or damaged", async () => {
    const read = async (files: Record<string, string>, lies = {}): Promise<unknown> =>
      csvRows(fileOf(zipOf(files, true, lies), "x.xlsx"));
    await expect(read({ "a.txt": "a" })).resolves.toMatchObject({ fault: { code: "bad-header", file: "x.xlsx" } });
    const { "xl/workbook.xml": text = "" } = workbook({ rows: "" });
    await expect(read({ "xl/workbook.xml": text }, { claimed: 40 })).resolves.toMatchObject({ ok: false });
  });
});
