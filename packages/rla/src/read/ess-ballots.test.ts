import { expect, it } from "vitest";
import { cardsOf, everythingIn, fileOf, PHANTOM, REFUSE } from "../testing/files.ts";
import { readCvrs } from "./read-cvrs.ts";
import { unwrap } from "@detente/basics";

/* The layouts are those of Arlo's tests (votingworks/arlo, test_cvrs.py): with titles, or with the headings first. */

const RECORDS = [
  "Cast Vote Record,Precinct,Ballot Style,Mayor",
  "1,p,bs,Ada",
  "2,p,bs,undervote",
  "3,p,bs,Bob",
  "4,p,bs,Ada",
  "",
].join("\r\n");
const TITLED = [
  "Ballots,,,,,,,,,",
  "GEN2111,,,,,,,,,",
  '"Test County,Test State",,,,,,,,,',
  '"November 5, 2021",,,,,,,,,',
  ",,,,,,,,,",
  "Cast Vote Record,Batch,Ballot Status,Original Ballot Exception,Remaining Ballot Exception,Write-in Type,Results Report,Reporting Group,Tabulator CVR,Precinct ID",
  "3,B/2,Not Reviewed,,,,N,Election Day,0001000415,p",
  "1,B1,Not Reviewed,,,,N,Election Day,0001013415,p",
  "Total : 2,,,,,,,,,",
  ",,,,,,,,,",
  "",
].join("\r\n");
const PLAIN = [
  "Cast Vote Record,Batch,Ballot Status,Results Report,Reporting Group,Tabulator CVR,Machine",
  "2,B1,Not Reviewed,N,Election Day,6064a5da2ac16a0e,M 7",
  "4,B1,Not Reviewed,N,Election Day,0002000001,M 7",
].join("\n");

const records = fileOf(RECORDS, "cvr.csv");
const titled = fileOf(TITLED, "ballots-1.csv", 13);
const plain = fileOf(PLAIN, "ballots-2.csv");

it("places ES&S's records by the lists of ballots beside them, in whatever order the files are named", async () => {
  const placed = [
    "0001013415 0001/B1: Mayor=Ada",
    "6064a5da2ac16a0e M 7/B1: Mayor=",
    "0001000415 0001/B%2F2: Mayor=Bob",
    "0002000001 M 7/B1: Mayor=Ada",
  ];
  expect(await cardsOf(await readCvrs([titled, records, plain], REFUSE))).toEqual(placed);
  expect(await cardsOf(await readCvrs([records, plain, titled], REFUSE))).toEqual(placed);
});

it("places them by columns of their own where they have those", async () => {
  const own = fileOf("Cast Vote Record,Batch,Tabulator CVR,Precinct,Ballot Style,Mayor\n1,B1,0001013415,p,bs,Ada\n");
  expect(await cardsOf(await readCvrs([own], REFUSE))).toEqual(["0001013415 0001/B1: Mayor=Ada"]);
});

it("names records that no list has, and ballots without a record, and counts both as phantoms", async () => {
  const lone = fileOf(PLAIN.replace("\n4,", "\n9,"), "ballots-2.csv");
  const { cards, phantoms, fault } = await everythingIn(unwrap(await readCvrs([records, titled, lone], PHANTOM)));
  expect(fault).toBeUndefined();
  expect(cards).toHaveLength(3);
  expect(phantoms.map(({ message }) => message)).toEqual([
    'cvr.csv:5: has the number "4", which no list of ballots has; name all lists',
    'ballots-2.csv:3: lists the record "9", which cvr.csv does not have',
  ]);
  const refused = await everythingIn(unwrap(await readCvrs([records, titled, lone], REFUSE)));
  expect(refused.fault?.message).toContain("cvr.csv:5");
});

it.each([
  ["a total that is another", TITLED.replace("Total : 2", "Total : 3"), 'ballots.csv:9: says "Total : 3", and 2 stand'],
  [
    "a number that a spreadsheet has cut",
    TITLED.replace("0001013415", "1013415"),
    "ballots.csv:8: has the Tabulator CVR",
  ],
  [
    "a record listed twice",
    TITLED.replace("\r\n3,", "\r\n1,"),
    'ballots.csv:8: lists the record "1", as ballots.csv:7',
  ],
  ["no batch", TITLED.replace("1,B1,", "1,,"), "ballots.csv:8: names no batch"],
  ["no columns", TITLED.replace("Tabulator CVR", "Other"), "ballots.csv:1: has no columns Cast Vote Record, Batch and"],
])("refuses lists with %s", async (_name, list, message) => {
  const read = await readCvrs([records, fileOf(list, "ballots.csv")], PHANTOM);
  expect(read).toMatchObject({ ok: false, fault: { message: expect.stringContaining(message) } });
});

it("asks for the one file of records", async () => {
  expect(await readCvrs([titled, plain], REFUSE)).toMatchObject({ fault: { code: "missing-file" } });
  expect(await readCvrs([records, fileOf(RECORDS, "too.csv"), plain], REFUSE)).toMatchObject({
    fault: { message: expect.stringContaining("cvr.csv:1: and too.csv are both") },
  });
});

it("says of an empty file, and of one in UTF-16, what it is", async () => {
  expect(await readCvrs([fileOf("", "a.csv")], REFUSE)).toMatchObject({
    fault: { message: "a.csv:1: is empty; export it again" },
  });
  const wide = fileOf(Uint8Array.from([0xff, 0xfe, 0x43, 0]), "b.csv");
  expect(await readCvrs([wide], REFUSE)).toMatchObject({ fault: { code: "not-utf8" } });
});
