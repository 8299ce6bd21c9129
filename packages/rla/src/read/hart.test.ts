import { unwrap } from "@detente/basics";
import { expect, it } from "vitest";
import { cardsOf, everythingIn, fileOf, PHANTOM, REFUSE } from "../testing/files.ts";
import { zipOf } from "../testing/zip.ts";
import { looseFiles } from "./file-set.ts";
import { readHart } from "./hart.ts";
import { zipFiles } from "./zip/zip-files.ts";

/* The layout is that of the records which Orange County exported for its audits of 2020 and 2021. */

function cvr(guid: string, contests: string, more = ""): string {
  return (
    `<?xml version="1.0" encoding="utf-8"?><!-- x --><Cvr xmlns="http://tempuri.org/CVRDesign.xsd"><Contests>${contests}</Contests>` +
    `<BatchSequence>43</BatchSequence><SheetNumber>1</SheetNumber><PrecinctSplit><Name>56301</Name><Id>p</Id></PrecinctSplit>` +
    `<BatchNumber>2271</BatchNumber>${more}<CvrGuid>${guid}</CvrGuid></Cvr>`
  );
}

function option(name: string, id: string, more = "<Value>1</Value>"): string {
  return `<Option><Name>${name}</Name><Id>${id}</Id>${more}</Option>`;
}

function contest(name: string, options: string): string {
  return `<Contest><Name>${name}</Name><Id>id-${name}</Id><Options>${options}</Options></Contest>`;
}

const FILES = {
  "a.xml": cvr("guid-a", contest("Mayor", option("ADA &amp; BOB\nof here", "1")) + contest("Prop 1", "")),
  "b.xml": cvr(
    "guid-b",
    contest("Mayor", option("Write-in", "w", "<Value>1</Value><WriteInData><Text>Cyd</Text></WriteInData>")),
  ),
  "notes.txt": "no card",
};

const READ = ["guid-a 2271: Mayor=ADA & BOB of here; Prop 1=", "guid-b 2271: Mayor=Write-in"];

it("reads an XML file a card, from an archive or loose", async () => {
  for (const isPacked of [true, false]) {
    const archive = fileOf(zipOf(FILES, isPacked), "cvrs.zip", 13);
    const read = await readHart(zipFiles(archive), "cvrs.zip", REFUSE);
    expect(await cardsOf(read)).toEqual(READ);
    const [mayor] = unwrap(read).contests;
    expect(mayor).toMatchObject({
      name: "Mayor",
      voteFor: undefined,
      candidates: [{ isWriteIn: false }, { isWriteIn: true }],
    });
    const { cards } = await everythingIn(unwrap(read));
    expect(cards[0]).toMatchObject({ position: 43, style: "56301" });
  }
  const loose = Object.entries(FILES).map(([name, text]) => fileOf(text, name, 5));
  expect(await cardsOf(await readHart(looseFiles(loose), "x", REFUSE))).toEqual(READ);
});

it.each([
  [cvr("guid-a", ""), "guid-a", "duplicate-id"],
  [cvr("", ""), "no CvrGuid", "bad-row"],
  [cvr("g", contest("Mayor", "") + contest("Mayor", "")), "twice", "bad-row"],
  [cvr("g", contest("Mayor", option("X", "9", "<Value>2</Value>"))), 'the value "2"', "bad-row"],
  ["<Ballot/>", "no CvrGuid", "bad-row"],
  [`<!DOCTYPE x [<!ENTITY a "aaaa">]>${cvr("g", "")}`, "document type", "not-xml"],
  [cvr("g", contest("&a;", "")), "entity", "not-xml"],
  ["<Cvr><a></Cvr></a>", "not open", "not-xml"],
  ["<Cvr>", "ends too early", "not-xml"],
  ["<a>".repeat(100), "deeper", "too-deep"],
  ["<Cvr>\xff</Cvr>", "not UTF-8", "not-utf8"],
])("refuses a record, or counts a phantom for it: %#", async (text, words, code) => {
  const files = { "a.xml": FILES["a.xml"], "c.xml": text, "b.xml": FILES["b.xml"] };
  const archive = zipFiles(fileOf(zipOf(files, true), "cvrs.zip"));
  const refused = await everythingIn(unwrap(await readHart(archive, "cvrs.zip", REFUSE)));
  expect(refused.fault).toMatchObject({ code, file: "c.xml" });
  expect(refused.fault?.message).toContain(words);
  const { cards, phantoms, fault } = await everythingIn(unwrap(await readHart(archive, "cvrs.zip", PHANTOM)));
  expect({ ids: cards.map(({ id }) => id), phantoms, fault }).toEqual({
    ids: ["guid-a", "guid-b"],
    phantoms: [refused.fault],
    fault: undefined,
  });
});

async function faultOf(archive: Uint8Array): Promise<string | undefined> {
  const read = await readHart(zipFiles(fileOf(archive, "cvrs.zip")), "cvrs.zip", PHANTOM);
  if (!read.ok) return read.fault.message;
  return (await everythingIn(read.value)).fault?.message;
}

it("refuses archives that are damaged, lie about their files, or grow", async () => {
  const good = zipOf(FILES, true);
  expect(await faultOf(good)).toBeUndefined();
  expect(await faultOf(good.subarray(0, good.length - 30))).toContain("no directory at its end");
  const changed = good.slice();
  changed[60]! ^= 1;
  expect(await faultOf(changed)).toContain("is damaged");
  const stored = zipOf(FILES, false);
  stored[new TextDecoder("latin1").decode(stored).indexOf("guid-a")] = 0x78;
  expect(await faultOf(stored)).toContain("is not what its checksum says");
  const renamed = good.slice();
  renamed[30] = 0x7a;
  expect(await faultOf(renamed)).toContain("names a file otherwise than its directory");
  const bomb = zipOf({ "a.xml": "x".repeat(1 << 20) }, true, { claimed: 100 });
  expect(await faultOf(bomb)).toContain("unpacks to more than its directory says");
  const twice = zipOf({ "a.xml": FILES["a.xml"], "b.xml": FILES["b.xml"] }, true, { offset: 0 });
  expect(await faultOf(twice)).toContain("overlap");
  expect(await faultOf(zipOf({ "a.xml": FILES["a.xml"] }, true, { method: 12 }))).toContain(
    "in another way than deflate",
  );
});
