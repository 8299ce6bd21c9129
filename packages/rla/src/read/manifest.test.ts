import { unwrap } from "@detente/basics";
import { expect, it } from "vitest";
import { fileOf } from "../testing/files.ts";
import { batchName } from "./batch-name.ts";
import { readManifest } from "./manifest.ts";
import { readTallies } from "./tallies.ts";

/* Columns as Arlo's documentation names them, and as Colorado's audit software (corla) does. */

it("reads Arlo's manifests", async () => {
  const text =
    '\ufeffContainer,Tabulator,Batch Name,Number of Ballots\r\nBox 1,101,B1,"1,200"\r\n,,,\r\nBox 1,102,B1,7\r\n,,B1,0\r\n';
  const { format, cards, batches } = unwrap(await readManifest(fileOf(text)));
  expect({ format, cards }).toEqual({ format: "arlo", cards: 1207 });
  expect(batches).toEqual([
    { batch: "101/B1", name: "B1", tabulator: "101", container: "Box 1", cards: 1200, line: 2 },
    { batch: "102/B1", name: "B1", tabulator: "102", container: "Box 1", cards: 7, line: 4 },
    { batch: "B1", name: "B1", cards: 0, line: 5 },
  ]);
});

it("reads Colorado's manifests", async () => {
  const text =
    "CountyID,ScannerID,BatchID,NumBallots,StorageLocation\nAdams,101,1,75,Bin 1\nAdams,101,2,25,Bin 1\nBent,101,1,3,\n";
  const { format, cards, batches } = unwrap(await readManifest(fileOf(text)));
  expect({ format, cards }).toEqual({ format: "colorado", cards: 103 });
  expect(batches.map(({ batch, county, location }) => [batch, county, location])).toEqual([
    ["101/1", "Adams", "Bin 1"],
    ["101/2", "Adams", "Bin 1"],
    ["101/1", "Bent", undefined],
  ]);
});

it("reads headings as offices spell them, in any order, and a row that adds up", async () => {
  const text = "# of Ballots,Remarks,batch_name,County Name,Scanner ID\n5,x,1,Bent,7\n,,,,\n2,,2,Bent,7\n7,,,Total,\n";
  const { cards, batches } = unwrap(await readManifest(fileOf(text)));
  expect(cards).toBe(7);
  expect(batches.map(({ batch, county }) => [batch, county])).toEqual([
    ["7/1", "Bent"],
    ["7/2", "Bent"],
  ]);
});

it.each([
  "County,Device ID,Batch,# of Ballots,Location",
  "County,Tabulator ID,Batch,# of Ballot Cards,Location",
  "County,Tabulator ID ,Batch,# of Ballots,Locations",
  "County Name,Machine,Batch #,Ballot card total,Where",
])("reads Colorado's columns under the headings of its counties: %s", async (headings) => {
  const { cards, batches } = unwrap(await readManifest(fileOf(`${headings}\nBaca,1,1,25,silver 005\n`)));
  expect(cards).toBe(25);
  expect(batches).toMatchObject([{ batch: "1/1", tabulator: "1", county: "Baca", location: "silver 005" }]);
});

const ARLO = "Batch Name,Number of Ballots\nA,1\n";

it.each([
  ["", "bad-header", 1, "is empty"],
  ["Batch Name,Count\nA,1", "bad-header", 1, "has no column Number of Ballots"],
  ["Bundle,Number of Ballots\nA,1", "bad-header", 1, "has no column Batch Name"],
  [`${ARLO}B,many`, "bad-row", 3, 'column Number of Ballots has "many"'],
  [`${ARLO}B,-1`, "bad-row", 3, "no whole number"],
  [`${ARLO}B,1.5`, "bad-row", 3, "no whole number"],
  [`${ARLO}B,"12,34"`, "bad-row", 3, "no whole number"],
  [`${ARLO},5`, "bad-row", 3, "names no batch"],
  [`${ARLO}A,2`, "duplicate-id", 3, 'the batch "A" stands on line 2 already'],
  [`${ARLO}"B,2`, "unterminated-quote", 3, "not closed"],
  [`${ARLO}B,999999999999`, "too-large", 3, "comes to more than 1000000000 cards"],
  [`${ARLO}Total,2`, "bad-row", 3, 'says "2" in all, the rows above sum to 1'],
])("refuses a manifest that cannot be relied on: %j", async (text, code, line, words) => {
  const read = await readManifest(fileOf(text, "m.csv"));
  expect(read).toMatchObject({ fault: { code, line, message: expect.stringContaining(words) } });
});

it("reads the votes of batches", async () => {
  const text = 'Batch Name,Ada,"Bob, Jr."\nB1,10,"1,000"\nB2,0,5\n';
  expect(unwrap(await readTallies(fileOf(text)))).toEqual({
    choices: ["Ada", "Bob, Jr."],
    batches: [
      { batch: "B1", name: "B1", votes: [10, 1000], line: 2 },
      { batch: "B2", name: "B2", votes: [0, 5], line: 3 },
    ],
  });
  const withTabulators = unwrap(await readTallies(fileOf("Tabulator,Batch Name,Ada\n101,B1,3\n102,B1,4\n")));
  expect(withTabulators.batches.map(({ batch }) => batch)).toEqual(["101/B1", "102/B1"]);
});

it.each([
  ["Name,Ada\nB1,1", "bad-header", 1],
  ["Batch Name\nB1", "bad-header", 1],
  ["Batch Name,Ada,Ada\nB1,1,2", "bad-header", 1],
  ["Batch Name,Ada,Bob\nB1,1", "bad-row", 2],
  ["Batch Name,Ada\nB1,1\n,2", "bad-row", 3],
  ["Batch Name,Ada\nB1,1\nB1,2", "duplicate-id", 3],
])("refuses tallies that cannot be relied on: %j", async (text, code, line) => {
  expect(await readTallies(fileOf(text))).toMatchObject({ fault: { code, line } });
});

it("gives no two batches one name", () => {
  expect(batchName("a/b", "c")).not.toBe(batchName("a", "b/c"));
  expect(batchName("a%2Fb", "c")).not.toBe(batchName("a/b", "c"));
  expect(batchName("a b", "7")).toBe("a b/7");
});
