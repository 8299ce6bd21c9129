import { unwrap } from "@detente/basics";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { fileOf } from "../../testing/files.ts";
import { LIMITS } from "../input.ts";
import { readCsv } from "./read-csv.ts";

/* What is a record is RFC 4180's to say. */

type Row = readonly [line: number, cells: readonly string[] | string];

async function rowsOf(content: string | Uint8Array, size?: number): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const read of readCsv(fileOf(content, "f", size))) {
    const records = unwrap(read);
    while (records.next()) rows.push([records.line, records.fault?.code ?? records.texts()]);
  }
  return rows;
}

it("reads quotes, line ends inside them, CRLF, blank lines and a mark of byte order", async () => {
  const text = '\ufeffa,"b ""c"" d",\r\n\r\n\n"two\nlines", x ,="007"\r\n,,\nlast';
  const expected = [
    [1, ["a", 'b "c" d', ""]],
    [4, ["two\nlines", "x", "007"]],
    [6, ["", "", ""]],
    [7, ["last"]],
  ];
  for (const size of [1, 2, 3, 7, 1000]) expect(await rowsOf(text, size)).toEqual(expected);
});

it("names a faulty record by its first line and goes on with the next line", async () => {
  for (const size of [1, 5, 1000]) {
    expect(await rowsOf('a\n"b" c,d\ne\n"f\ng\n', size)).toEqual([
      [1, ["a"]],
      [2, "bad-quote"],
      [3, ["e"]],
      [4, "unterminated-quote"],
      [5, ["g"]],
    ]);
    expect(await rowsOf('a\nb\u0000c\n"d\u0001"\ne', size)).toEqual([
      [1, ["a"]],
      [2, "not-text"],
      [3, "not-text"],
      [4, ["e"]],
    ]);
    const latin = Uint8Array.from('No\xebl,"No\xebl"\nNoel\n', (letter) => letter.charCodeAt(0));
    expect(await rowsOf(latin, size)).toEqual([
      [1, "not-utf8"],
      [2, ["Noel"]],
    ]);
  }
  expect(await rowsOf('Noël,"Zoë"\n', 1)).toEqual([[1, ["Noël", "Zoë"]]]);
});

it("gives up a line that is too long, and only that", async () => {
  const long = "x".repeat(3 * LIMITS.record);
  for (const text of [`a\n${long}\nb\n`, `a\n"${long}\nb\n`, `a\n"${long}"\nb\n`]) {
    const rows = await rowsOf(text, 1 << 18);
    expect(rows.map(([line]) => line)).toEqual([1, 2, 3]);
    expect(rows[1]?.[1]).toMatch(/line-too-long|unterminated-quote/);
    expect(rows[2]?.[1]).toEqual(["b"]);
  }
  const wide = ",".repeat(LIMITS.columns + 5);
  expect(await rowsOf(`${wide}\nb`)).toEqual([
    [1, "too-many"],
    [2, ["b"]],
  ]);
});

it("refuses UTF-16, which spreadsheets call Unicode text", async () => {
  for await (const read of readCsv(fileOf(Uint8Array.of(0xff, 0xfe, 0x61, 0), "f.csv"))) {
    expect(read).toMatchObject({
      ok: false,
      fault: { code: "not-utf8", message: "f.csv:1: is UTF-16; save the file as UTF-8" },
    });
  }
});

it("gives back whatever cells were written, wherever the pieces end", async () => {
  const cell = fc
    .string({ unit: fc.constantFrom("a", "é", '"', ",", "\n", "\r\n", "0"), maxLength: 5 })
    .map((text) => text.trim());
  const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(table, fc.integer({ min: 1, max: 9 }), async (rows, size) => {
      const written = rows
        .map((cells) => cells.map((text) => `"${text.replaceAll('"', '""')}"`).join(","))
        .join("\r\n");
      expect((await rowsOf(written, size)).map(([, cells]) => cells)).toEqual(rows);
    }),
    { numRuns: 200 },
  );
});
